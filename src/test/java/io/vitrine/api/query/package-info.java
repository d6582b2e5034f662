/** Tests: queries of lists, as in the parameters of requests. */
@NullMarked
package io.vitrine.api.query;

import org.jspecify.annotations.NullMarked;
