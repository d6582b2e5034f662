/** Blobs as large objects of OpenStack Swift, or of a server with its API. */
@NullMarked
package io.vitrine.store.swift;

import org.jspecify.annotations.NullMarked;
