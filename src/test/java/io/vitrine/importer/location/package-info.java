/** Tests of bringing images in. */
@NullMarked
package io.vitrine.importer.location;

import org.jspecify.annotations.NullMarked;
