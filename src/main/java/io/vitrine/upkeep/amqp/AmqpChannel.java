package io.vitrine.upkeep.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.SocketConfigurators;
import io.vitrine.notification.Notification;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel to a broker, used by one thread at a time. A message counts as published once the
 * broker has routed it to a queue and confirmed it.
 */
final class AmqpChannel {
  private static final Logger log = LoggerFactory.getLogger(AmqpChannel.class);

  /** As in oslo.messaging: messages survive a restart of the broker if their queue does. */
  private static final AMQP.BasicProperties PROPERTIES =
      new AMQP.BasicProperties.Builder()
          .contentType("application/json")
          .contentEncoding("utf-8")
          .deliveryMode(2)
          .priority(0)
          .build();

  private final ConnectionFactory factory;
  private final List<Address> addresses;
  private final AmqpConfig config;
  private final String publisher;
  private final Set<String> declared = new HashSet<>();
  private @Nullable Connection connection;
  private @Nullable Channel channel;
  private volatile @Nullable Socket socket;
  private volatile boolean isReturned;

  /**
   * A channel that is opened on first use.
   *
   * @param publisher the sender named in notifications
   */
  AmqpChannel(
      ConnectionFactory factory, List<Address> addresses, AmqpConfig config, String publisher) {
    this.factory = factory;
    this.addresses = addresses;
    this.config = config;
    this.publisher = publisher;
    factory.setSocketConfigurator(
        SocketConfigurators.defaultConfigurator().andThen(opened -> socket = opened));
    if (config.tls()) {
      // This modifies the configurator, so the configurator must not be replaced later.
      factory.enableHostnameVerification();
    }
  }

  /** Publishes notifications in order; connects first if necessary. */
  void publish(List<Notification> notifications)
      throws IOException, TimeoutException, InterruptedException {
    var open = open();
    isReturned = false;
    for (var notification : notifications) {
      var body = OsloMessage.of(notification, publisher).getBytes(StandardCharsets.UTF_8);
      var priority = notification.priority().name().toLowerCase(Locale.ROOT);
      for (var topic : config.topics()) {
        var queue = topic + "." + priority;
        declare(queue);
        open.basicPublish(config.exchange(), queue, true, PROPERTIES, body);
      }
    }
    open.waitForConfirmsOrDie(config.timeout().toMillis());
    if (isReturned) {
      declared.clear();
      throw new IOException("the broker no longer has a queue for them");
    }
  }

  private Channel open() throws IOException, TimeoutException {
    if (channel != null && channel.isOpen()) {
      return channel;
    }
    declared.clear();
    if (connection != null) {
      connection.abort(1000);
    }
    var fresh = factory.newConnection(addresses, "vitrine");
    connection = fresh;
    var confirming = fresh.createChannel();
    confirming.confirmSelect();
    confirming.addReturnListener(returned -> isReturned = true);
    channel = confirming;
    return confirming;
  }

  /** Declares a queue, as oslo.messaging does, so that notifications wait there for consumers. */
  private void declare(String queue) throws IOException, TimeoutException {
    if (declared.contains(queue)) {
      return;
    }
    var exchange = config.exchange();
    boolean durable = config.durable();
    take("exchange " + exchange, on -> on.exchangeDeclare(exchange, "topic", durable));
    take("queue " + queue, on -> on.queueDeclare(queue, durable, false, false, null));
    take("binding of " + queue, on -> on.queueBind(queue, exchange, queue));
    declared.add(queue);
  }

  /** Accepts an existing exchange or queue even if its properties differ from ours. */
  private void take(String what, Declaration declaration) throws IOException, TimeoutException {
    if (connection == null) {
      throw new IOException("there is no connection");
    }
    // A failed declaration closes its channel.
    var own = connection.createChannel();
    try {
      declaration.on(own);
      own.close();
    } catch (IOException failure) {
      if (!isThereAlready(failure)) {
        throw failure;
      }
      log.info("The {} exists with other arguments; using it as it is", what);
    }
  }

  private static boolean isThereAlready(IOException failure) {
    return failure.getCause() instanceof ShutdownSignalException signal
        && signal.getReason() instanceof AMQP.Channel.Close close
        && close.getReplyCode() == AMQP.PRECONDITION_FAILED;
  }

  /** A declaration on a channel. */
  private interface Declaration {
    void on(Channel channel) throws IOException;
  }

  /** Closes the connection at once, whatever waits for it; thread-safe. */
  void cut() {
    var open = socket;
    if (open != null) {
      try {
        open.close();
      } catch (IOException broken) {
        log.atDebug().setCause(broken).log("Cannot close the connection to the broker");
      }
    }
  }
}
