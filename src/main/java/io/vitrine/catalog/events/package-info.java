/**
 * Notifications on their way out: the transactional outbox and its queues. {@code
 * io.vitrine.upkeep.relay} sends them.
 */
@NullMarked
package io.vitrine.catalog.events;

import org.jspecify.annotations.NullMarked;
