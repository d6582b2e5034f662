/** Formats of the log. What is logged is up to the callers. */
@NullMarked
package io.vitrine.observe.log;

import org.jspecify.annotations.NullMarked;
