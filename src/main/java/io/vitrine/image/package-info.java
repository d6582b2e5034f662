/**
 * The domain: images, their life cycle and who may see them. Plain Java, without HTTP, SQL or
 * stores.
 */
@NullMarked
package io.vitrine.image;

import org.jspecify.annotations.NullMarked;
