/** Tests of bringing images in. */
@NullMarked
package io.vitrine.importer;

import org.jspecify.annotations.NullMarked;
