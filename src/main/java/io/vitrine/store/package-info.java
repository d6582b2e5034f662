/**
 * The stores of blobs: their interface, and the verticle that serves them on the event bus. What a
 * blob is for, only {@code io.vitrine.catalog} knows.
 */
@NullMarked
package io.vitrine.store;

import org.jspecify.annotations.NullMarked;
