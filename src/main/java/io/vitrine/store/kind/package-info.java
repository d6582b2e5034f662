/** The kinds of stores, and their configuration. */
@NullMarked
package io.vitrine.store.kind;

import org.jspecify.annotations.NullMarked;
