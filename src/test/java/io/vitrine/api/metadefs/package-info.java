/** Tests of this package. */
@NullMarked
package io.vitrine.api.metadefs;

import org.jspecify.annotations.NullMarked;
