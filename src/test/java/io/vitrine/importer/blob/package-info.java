/** Tests of bringing images in. */
@NullMarked
package io.vitrine.importer.blob;

import org.jspecify.annotations.NullMarked;
