/** Tests of the command line. */
@NullMarked
package io.vitrine.cli;

import org.jspecify.annotations.NullMarked;
