/**
 * Sums over the catalog for operators: what stores hold, what projects use, what is in the queue.
 */
@NullMarked
package io.vitrine.catalog.status;

import org.jspecify.annotations.NullMarked;
