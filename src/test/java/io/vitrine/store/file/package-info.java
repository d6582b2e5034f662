/** Tests of this package. */
@NullMarked
package io.vitrine.store.file;

import org.jspecify.annotations.NullMarked;
