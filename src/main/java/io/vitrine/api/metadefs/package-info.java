/** Metadata definitions. */
@NullMarked
package io.vitrine.api.metadefs;

import org.jspecify.annotations.NullMarked;
