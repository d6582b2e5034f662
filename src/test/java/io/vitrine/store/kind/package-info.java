/** Tests of the kinds of stores, and of their configuration. */
@NullMarked
package io.vitrine.store.kind;

import org.jspecify.annotations.NullMarked;
