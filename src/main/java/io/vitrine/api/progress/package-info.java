/** How far the uploads of this process are. */
@NullMarked
package io.vitrine.api.progress;

import org.jspecify.annotations.NullMarked;
