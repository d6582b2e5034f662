/** Meters, and the management port with metrics and health. */
@NullMarked
package io.vitrine.observe.metrics;

import org.jspecify.annotations.NullMarked;
