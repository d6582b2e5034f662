/**
 * Streams of blob data over the event bus, with back pressure; what the API and the importer know
 * of the stores.
 */
@NullMarked
package io.vitrine.transfer.stream;

import org.jspecify.annotations.NullMarked;
