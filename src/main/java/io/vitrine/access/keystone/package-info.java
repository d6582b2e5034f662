/** Callers with tokens of Keystone, and the limits that it keeps for projects. */
@NullMarked
package io.vitrine.access.keystone;

import org.jspecify.annotations.NullMarked;
