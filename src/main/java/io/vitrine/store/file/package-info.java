/** Blobs as files in directories. */
@NullMarked
package io.vitrine.store.file;

import org.jspecify.annotations.NullMarked;
