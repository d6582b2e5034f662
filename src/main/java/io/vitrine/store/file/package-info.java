/** The store of kind file: blobs as files in directories. */
@NullMarked
package io.vitrine.store.file;

import org.jspecify.annotations.NullMarked;
