/** Handlers, JSON and schemas of metadata definitions. */
@NullMarked
package io.vitrine.api.metadefs;

import org.jspecify.annotations.NullMarked;
