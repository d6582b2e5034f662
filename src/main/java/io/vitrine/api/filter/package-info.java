/** Filters that every request passes before its handler, and the mapping of failures to answers. */
@NullMarked
package io.vitrine.api.filter;

import org.jspecify.annotations.NullMarked;
