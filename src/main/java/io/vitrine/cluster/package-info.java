/**
 * The event bus between nodes, which carries hints and the pieces of blobs that only one node has.
 */
@NullMarked
package io.vitrine.cluster;

import org.jspecify.annotations.NullMarked;
