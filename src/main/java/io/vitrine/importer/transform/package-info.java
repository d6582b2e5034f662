/**
 * The stage that changes data between staging and the stores, by plugins: decompression,
 * conversion, metadata.
 */
@NullMarked
package io.vitrine.importer.transform;

import org.jspecify.annotations.NullMarked;
