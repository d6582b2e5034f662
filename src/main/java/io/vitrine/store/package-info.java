/** Where blobs lie: writes, reads and deletes them for the other verticles. */
@NullMarked
package io.vitrine.store;

import org.jspecify.annotations.NullMarked;
