/** Sends image files to an image service and fetches them, over bad lines too. */
@NullMarked
package io.vitrine.cli.transfer;

import org.jspecify.annotations.NullMarked;
