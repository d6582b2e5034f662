/** Tests of signatures, with keys and certificates made for each of them. */
@NullMarked
package io.vitrine.signature;

import org.jspecify.annotations.NullMarked;
