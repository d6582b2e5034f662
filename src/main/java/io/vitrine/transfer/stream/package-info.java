/**
 * Streams of blob data with back pressure, over the event bus or from files. The API and the
 * importer know the stores only through {@code StoreClient} and these streams.
 */
@NullMarked
package io.vitrine.transfer.stream;

import org.jspecify.annotations.NullMarked;
