/** Tests of what mapped formats share. */
@NullMarked
package io.vitrine.format.mapped;

import org.jspecify.annotations.NullMarked;
