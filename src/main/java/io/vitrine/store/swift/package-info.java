/** The store of kind swift: blobs as large objects of OpenStack Swift or a compatible server. */
@NullMarked
package io.vitrine.store.swift;

import org.jspecify.annotations.NullMarked;
