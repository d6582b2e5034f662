/** Tests of bringing images in. */
@NullMarked
package io.vitrine.importer.finish;

import org.jspecify.annotations.NullMarked;
