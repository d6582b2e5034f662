/** Tests of the spans that a collector gets. */
@NullMarked
package io.vitrine.observe.trace;

import org.jspecify.annotations.NullMarked;
