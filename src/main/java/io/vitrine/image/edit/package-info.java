/** What a caller changes of an image, checked against its rules. */
@NullMarked
package io.vitrine.image.edit;

import org.jspecify.annotations.NullMarked;
