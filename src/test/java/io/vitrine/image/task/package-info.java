/** Tests of the domain. */
@NullMarked
package io.vitrine.image.task;

import org.jspecify.annotations.NullMarked;
