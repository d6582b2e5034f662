/**
 * Delivery of notifications from the outbox to AMQP brokers and webhooks. {@code
 * io.vitrine.catalog.events} writes the outbox.
 */
@NullMarked
package io.vitrine.upkeep.relay;

import org.jspecify.annotations.NullMarked;
