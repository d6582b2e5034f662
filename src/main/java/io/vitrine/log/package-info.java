/** The form of the log's lines. */
@NullMarked
package io.vitrine.log;

import org.jspecify.annotations.NullMarked;
