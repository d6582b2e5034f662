/**
 * The event bus between nodes. It carries hints, and pieces of blobs that only one node has;
 * everything else stays on the node's own bus.
 */
@NullMarked
package io.vitrine.cluster;

import org.jspecify.annotations.NullMarked;
