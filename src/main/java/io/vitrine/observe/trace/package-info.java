/** Tracing of this process by OpenTelemetry; records nothing unless it is configured. */
@NullMarked
package io.vitrine.observe.trace;

import org.jspecify.annotations.NullMarked;
