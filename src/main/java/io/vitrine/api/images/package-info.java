/** Images, their members, tags and locations, and what happens to them. */
@NullMarked
package io.vitrine.api.images;

import org.jspecify.annotations.NullMarked;
