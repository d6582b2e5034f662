/** The store of kind s3: blobs as objects of S3 or a compatible server. */
@NullMarked
package io.vitrine.store.s3;

import org.jspecify.annotations.NullMarked;
