/**
 * Metadata in PostgreSQL: images, the journal of blobs, the queue of import tasks, and metadata
 * definitions.
 */
@NullMarked
package io.vitrine.catalog;

import org.jspecify.annotations.NullMarked;
