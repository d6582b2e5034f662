package io.vitrine.upkeep.amqp;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.ConnectionFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.net.PemTrustOptions;
import io.vitrine.notification.Notification;
import io.vitrine.upkeep.relay.Sink;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Publishes notifications in the way of oslo.messaging. RabbitMQ's client blocks, so it has a
 * thread of its own, and a missed deadline closes its socket.
 */
final class AmqpSink implements Sink {
  /** The sink's name; there is only one. */
  static final String NAME = "amqp";

  private static final int BATCH = 100;
  private static final int HEARTBEAT_SECONDS = 10;

  private final AmqpConfig config;
  private final WorkerExecutor thread;
  private final AmqpChannel channel;

  /** A sink that connects when there is something to send. */
  AmqpSink(Vertx vertx, AmqpConfig config, String publisher) throws Exception {
    this.config = config;
    thread = vertx.createSharedWorkerExecutor("notifications-amqp", 1);
    channel = new AmqpChannel(factory(vertx, config), addresses(config), config, publisher);
  }

  private static List<Address> addresses(AmqpConfig config) {
    return config.hosts().stream().map(Address::parseAddress).toList();
  }

  private static ConnectionFactory factory(Vertx vertx, AmqpConfig config) throws Exception {
    int millis = Math.toIntExact(config.timeout().toMillis());
    var factory = new ConnectionFactory();
    factory.setUsername(config.username());
    factory.setPassword(config.password().value());
    factory.setVirtualHost(config.virtualHost());
    factory.setConnectionTimeout(millis);
    factory.setHandshakeTimeout(millis);
    factory.setChannelRpcTimeout(millis);
    factory.setShutdownTimeout(millis);
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    // The relay retries on a new connection.
    factory.setAutomaticRecoveryEnabled(false);
    factory.setThreadFactory(Thread.ofPlatform().daemon().name("amqp-", 0).factory());
    if (config.tls()) {
      var context = SSLContext.getInstance("TLS");
      context.init(null, trusted(vertx, config.caFile()), null);
      factory.useSslProtocol(context);
    }
    return factory;
  }

  private static TrustManager[] trusted(Vertx vertx, Optional<Path> caFile) throws Exception {
    if (caFile.isPresent()) {
      return new PemTrustOptions()
          .addCertPath(caFile.get().toString())
          .getTrustManagerFactory(vertx)
          .getTrustManagers();
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return factory.getTrustManagers();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Duration deadline() {
    return config.timeout();
  }

  @Override
  public int batch() {
    return BATCH;
  }

  @Override
  public Future<Void> send(List<Notification> notifications) {
    return thread
        .<Void>executeBlocking(
            () -> {
              channel.publish(notifications);
              return null;
            })
        .timeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> channel.cut());
  }

  @Override
  public Future<Void> close() {
    channel.cut();
    return thread.close();
  }
}
