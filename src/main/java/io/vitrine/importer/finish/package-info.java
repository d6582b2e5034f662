/** The stage that ends tasks, and what becomes of those that failed. */
@NullMarked
package io.vitrine.importer.finish;

import org.jspecify.annotations.NullMarked;
