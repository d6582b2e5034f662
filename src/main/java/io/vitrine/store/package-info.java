/**
 * The verticle that serves the stores on the event bus, and its transfers. What a blob is for, only
 * {@code io.vitrine.catalog} knows.
 */
@NullMarked
package io.vitrine.store;

import org.jspecify.annotations.NullMarked;
