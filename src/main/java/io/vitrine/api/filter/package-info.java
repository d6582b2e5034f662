/** What every request passes before its handler, and what is made of its failure. */
@NullMarked
package io.vitrine.api.filter;

import org.jspecify.annotations.NullMarked;
