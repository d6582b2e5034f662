/** Tests of the event bus between nodes. */
@NullMarked
package io.vitrine.cluster;

import org.jspecify.annotations.NullMarked;
