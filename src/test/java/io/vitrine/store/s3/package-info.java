/** Tests of what the S3 store is made of. */
@NullMarked
package io.vitrine.store.s3;

import org.jspecify.annotations.NullMarked;
