/** The store of kind rbd: blobs as images of a Ceph pool, through Ceph's native libraries. */
@NullMarked
package io.vitrine.store.rbd;

import org.jspecify.annotations.NullMarked;
