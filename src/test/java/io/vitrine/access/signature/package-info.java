/** Tests of signatures, with keys and certificates made for each of them. */
@NullMarked
package io.vitrine.access.signature;

import org.jspecify.annotations.NullMarked;
