/**
 * Fetches users' URLs, from permitted addresses only. What is done with the data is the importer's
 * matter.
 */
@NullMarked
package io.vitrine.fetch;

import org.jspecify.annotations.NullMarked;
