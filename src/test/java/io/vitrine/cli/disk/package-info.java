/** Tests of what the command line does with image files. */
@NullMarked
package io.vitrine.cli.disk;

import org.jspecify.annotations.NullMarked;
