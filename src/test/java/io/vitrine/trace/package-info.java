/** Tests of the spans that a collector gets. */
@NullMarked
package io.vitrine.trace;

import org.jspecify.annotations.NullMarked;
