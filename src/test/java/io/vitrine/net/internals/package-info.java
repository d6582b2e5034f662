/** Tests of what depends on the internals of Vert.x. */
@NullMarked
package io.vitrine.net.internals;

import org.jspecify.annotations.NullMarked;
