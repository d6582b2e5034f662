/** Tests of the log's form. */
@NullMarked
package io.vitrine.observe.log;

import org.jspecify.annotations.NullMarked;
