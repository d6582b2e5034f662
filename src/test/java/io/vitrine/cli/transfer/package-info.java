/** Tests of transfers between files and image services. */
@NullMarked
package io.vitrine.cli.transfer;

import org.jspecify.annotations.NullMarked;
