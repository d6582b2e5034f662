/** Tests of the progress of uploads. */
@NullMarked
package io.vitrine.api.progress;

import org.jspecify.annotations.NullMarked;
