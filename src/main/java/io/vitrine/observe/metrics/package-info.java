/** Meters, and the management port that serves metrics and health. */
@NullMarked
package io.vitrine.observe.metrics;

import org.jspecify.annotations.NullMarked;
