/**
 * Spans of what this process does, for a collector of OpenTelemetry; nothing unless it is asked
 * for.
 */
@NullMarked
package io.vitrine.observe.trace;

import org.jspecify.annotations.NullMarked;
