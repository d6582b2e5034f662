/** What every kind of store implements: reading, writing and removing blobs. */
@NullMarked
package io.vitrine.store.blob;

import org.jspecify.annotations.NullMarked;
