/** The domain of metadata definitions: what properties, objects and tags resources may carry. */
@NullMarked
package io.vitrine.metadef;

import org.jspecify.annotations.NullMarked;
