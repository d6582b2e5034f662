/** Metadata in PostgreSQL: images, the journal of blobs, and the queue of import tasks. */
@NullMarked
package io.vitrine.catalog;

import org.jspecify.annotations.NullMarked;
