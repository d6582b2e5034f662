/** The stage that writes an image's data to its stores. */
@NullMarked
package io.vitrine.importer.distribute;

import org.jspecify.annotations.NullMarked;
