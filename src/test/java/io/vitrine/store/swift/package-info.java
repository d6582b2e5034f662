/** Tests of what only the store in Swift has. */
@NullMarked
package io.vitrine.store.swift;

import org.jspecify.annotations.NullMarked;
