/** Tests: the stores of this node, their threads and whether they work. */
@NullMarked
package io.vitrine.store.node;

import org.jspecify.annotations.NullMarked;
