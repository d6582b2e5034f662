/** The blobs that imports write and read, and their files on this node. */
@NullMarked
package io.vitrine.importer.blob;

import org.jspecify.annotations.NullMarked;
