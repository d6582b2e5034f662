/** Tests of the log's form. */
@NullMarked
package io.vitrine.log;

import org.jspecify.annotations.NullMarked;
