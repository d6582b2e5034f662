/** Tests of the management port. */
@NullMarked
package io.vitrine.observe.metrics;

import org.jspecify.annotations.NullMarked;
