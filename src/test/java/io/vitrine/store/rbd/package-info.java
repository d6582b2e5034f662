/** Tests of the store in Ceph that need no cluster. */
@NullMarked
package io.vitrine.store.rbd;

import org.jspecify.annotations.NullMarked;
