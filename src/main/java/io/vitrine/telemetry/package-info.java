/** Meters, and the management port with metrics and health. */
@NullMarked
package io.vitrine.telemetry;

import org.jspecify.annotations.NullMarked;
