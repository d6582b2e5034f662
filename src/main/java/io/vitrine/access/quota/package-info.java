/** What projects may have at most: images, their data, and work under way. */
@NullMarked
package io.vitrine.access.quota;

import org.jspecify.annotations.NullMarked;
