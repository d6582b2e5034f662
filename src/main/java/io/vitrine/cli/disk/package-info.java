/** What the command line does with image files: describes them and converts them. */
@NullMarked
package io.vitrine.cli.disk;

import org.jspecify.annotations.NullMarked;
