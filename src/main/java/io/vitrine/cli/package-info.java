/**
 * The command line: commands, options and exit codes. The server itself is in {@code
 * io.vitrine.app}.
 */
@NullMarked
package io.vitrine.cli;

import org.jspecify.annotations.NullMarked;
