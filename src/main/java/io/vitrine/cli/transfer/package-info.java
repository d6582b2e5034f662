/** The commands that send image files to an image service and fetch them, over bad lines too. */
@NullMarked
package io.vitrine.cli.transfer;

import org.jspecify.annotations.NullMarked;
