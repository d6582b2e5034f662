/**
 * The catalog's records of blobs: being written, shared, scrubbed and unwanted. The bytes are in
 * {@code io.vitrine.store}.
 */
@NullMarked
package io.vitrine.catalog.blobs;

import org.jspecify.annotations.NullMarked;
