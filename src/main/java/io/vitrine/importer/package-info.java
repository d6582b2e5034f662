/** Brings images in: fetches, unpacks, converts and stores what an import task asks for. */
@NullMarked
package io.vitrine.importer;

import org.jspecify.annotations.NullMarked;
