/** Blobs as objects of S3, or of a server that speaks its protocol. */
@NullMarked
package io.vitrine.store.s3;

import org.jspecify.annotations.NullMarked;
