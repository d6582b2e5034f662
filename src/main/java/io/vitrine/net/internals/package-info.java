/**
 * Everything that reaches behind the public interface of Vert.x and its SQL client, which may
 * change in any release: no other package imports their internals.
 */
@NullMarked
package io.vitrine.net.internals;

import org.jspecify.annotations.NullMarked;
