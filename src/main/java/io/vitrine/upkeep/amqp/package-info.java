/** Notifications to RabbitMQ, in the way of oslo.messaging. */
@NullMarked
package io.vitrine.upkeep.amqp;

import org.jspecify.annotations.NullMarked;
