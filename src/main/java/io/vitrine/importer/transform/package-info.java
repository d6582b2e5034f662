/**
 * Plugins between the data that came and the data that is stored: decompression, conversion,
 * metadata.
 */
@NullMarked
package io.vitrine.importer.transform;

import org.jspecify.annotations.NullMarked;
