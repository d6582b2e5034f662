/** Tests of the management port. */
@NullMarked
package io.vitrine.telemetry;

import org.jspecify.annotations.NullMarked;
