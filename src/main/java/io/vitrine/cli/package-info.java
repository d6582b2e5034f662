/** The command line: what the program is asked to do, and its exit codes. */
@NullMarked
package io.vitrine.cli;

import org.jspecify.annotations.NullMarked;
