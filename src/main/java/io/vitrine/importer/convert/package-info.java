/** The plugin that converts images: with which engine, and whether while they arrive. */
@NullMarked
package io.vitrine.importer.convert;

import org.jspecify.annotations.NullMarked;
