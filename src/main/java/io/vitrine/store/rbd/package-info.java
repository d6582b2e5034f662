/** Blobs as images of a Ceph cluster, through its own libraries. */
@NullMarked
package io.vitrine.store.rbd;

import org.jspecify.annotations.NullMarked;
