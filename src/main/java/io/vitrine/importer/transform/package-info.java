/**
 * The plugins that change data between staging and the stores: decompression, conversion, metadata.
 */
@NullMarked
package io.vitrine.importer.transform;

import org.jspecify.annotations.NullMarked;
