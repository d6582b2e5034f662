/** The form of the log's lines. */
@NullMarked
package io.vitrine.observe.log;

import org.jspecify.annotations.NullMarked;
