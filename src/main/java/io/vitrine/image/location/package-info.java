/** Where the data of images lies, and what is known of it. */
@NullMarked
package io.vitrine.image.location;

import org.jspecify.annotations.NullMarked;
