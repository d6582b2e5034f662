/** Tests of bringing images in. */
@NullMarked
package io.vitrine.importer.distribute;

import org.jspecify.annotations.NullMarked;
