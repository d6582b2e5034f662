/** Images, their members and locations, and how much of them a project may have. */
@NullMarked
package io.vitrine.catalog.images;

import org.jspecify.annotations.NullMarked;
