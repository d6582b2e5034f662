package io.vitrine.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Codecs;
import io.vitrine.transfer.bus.Message.Piece;
import io.vitrine.transfer.bus.Message.PieceRequest;
import io.vitrine.transfer.bus.Peers;
import io.vitrine.transfer.bus.ProblemCodec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's link to the others: an event bus of its own, on threads of its own, beside the local
 * one. A clustered bus asks the cluster for the receiver of every message and waits for it at every
 * registration; local messages must not depend on that, least of all while the cluster is in
 * trouble.
 *
 * <p>The node joins in the background. Until then, and whenever the link is lost, only other nodes
 * are unreachable and hints do not arrive.
 */
public final class ClusterLink implements Peers {
  private static final Logger log = LoggerFactory.getLogger(ClusterLink.class);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(10);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final Vertx local;
  private final String node;
  private final ClusterConfig config;
  private final Duration retryPause;
  private @Nullable Vertx shared;
  private boolean isClosed;

  private ClusterLink(Vertx local, String node, ClusterConfig config, Duration retryPause) {
    this.local = local;
    this.node = node;
    this.config = config;
    this.retryPause = retryPause;
  }

  /** Opens a link and starts to join the cluster. */
  public static ClusterLink open(Vertx local, String node, ClusterConfig config) {
    return open(local, node, config, RETRY_PAUSE);
  }

  /** Opens a link that tries again after this pause when it cannot join. */
  static ClusterLink open(Vertx local, String node, ClusterConfig config, Duration retryPause) {
    // For what Hazelcast logs before it reads its configuration.
    System.setProperty("hazelcast.logging.type", "slf4j");
    var link = new ClusterLink(local, node, config, retryPause);
    link.join();
    return link;
  }

  private void join() {
    log.atInfo().addKeyValue("cluster", config.name()).log("Joining the cluster");
    Vertx.builder()
        .with(options())
        .withClusterManager(new HazelcastClusterManager(HazelcastSettings.of(config)))
        .buildClustered()
        .compose(joined -> listen(joined).recover(failure -> closeAfter(joined, failure)))
        .onSuccess(this::onJoined)
        .onFailure(this::onFailure);
  }

  private VertxOptions options() {
    var bus = new EventBusOptions().setPort(config.eventBusPort());
    if (!config.host().isEmpty()) {
      bus.setHost(config.host());
    }
    bus.setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
    bus.setClusterPingInterval(config.heartbeat().timeout().toMillis() / 4);
    bus.setClusterPingReplyInterval(config.heartbeat().timeout().toMillis() / 2);
    var tls = config.tls();
    if (tls.certificate().isPresent() && tls.key().isPresent() && tls.ca().isPresent()) {
      bus.setSsl(true)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(tls.certificate().get().toString())
                  .setKeyPath(tls.key().get().toString()))
          .setTrustOptions(new PemTrustOptions().addCertPath(tls.ca().get().toString()))
          .setClientAuth(ClientAuth.REQUIRED);
    }
    return new VertxOptions()
        .setPreferNativeTransport(false)
        .setEventLoopPoolSize(2)
        .setWorkerPoolSize(4)
        .setEventBusOptions(bus);
  }

  private Future<Vertx> listen(Vertx joined) {
    Codecs.register(joined);
    return joined
        .eventBus()
        .<PieceRequest>consumer(Addresses.piece(node), this::answer)
        .completion()
        .compose(listening -> Hints.relay(local, joined, node))
        .map(relaying -> joined);
  }

  private static Future<Vertx> closeAfter(Vertx joined, Throwable failure) {
    return joined.close().transform(closed -> Future.failedFuture(failure));
  }

  /** Answers another node's request for a piece from this node's stores. */
  private void answer(Message<PieceRequest> request) {
    local
        .eventBus()
        .<Piece>request(Addresses.piece(node), request.body())
        .onSuccess(piece -> request.reply(piece.body()))
        .onFailure(
            failure -> {
              var reply = ProblemCodec.toReply(ProblemCodec.unwrap(failure));
              request.fail(reply.failureCode(), reply.getMessage());
            });
  }

  private synchronized void onJoined(Vertx joined) {
    if (isClosed) {
      joined.close();
    } else {
      shared = joined;
      log.atInfo().addKeyValue("cluster", config.name()).log("Joined the cluster");
    }
  }

  private synchronized void onFailure(Throwable failure) {
    if (!isClosed) {
      log.atWarn()
          .addKeyValue("retry_seconds", retryPause.toSeconds())
          .addKeyValue("error", failure.toString())
          .log("Cannot join the cluster");
      local.setTimer(retryPause.toMillis(), later -> join());
    }
  }

  private synchronized @Nullable Vertx shared() {
    return shared;
  }

  @Override
  public Future<Piece> ask(String peer, PieceRequest request) {
    var joined = shared();
    if (joined == null) {
      return Future.failedFuture(Peers.unreachable());
    }
    var answer =
        joined
            .eventBus()
            .<Piece>request(
                Addresses.piece(peer),
                request,
                new DeliveryOptions().setSendTimeout(config.requestTimeout().toMillis()))
            .map(Message::body)
            .recover(failure -> Future.failedFuture(toProblem(failure)));
    return Future.fromCompletionStage(answer.toCompletionStage(), local.getOrCreateContext());
  }

  /**
   * Turns every failure to get an answer, a broken connection too, into "unreachable", as it says
   * nothing about the data.
   */
  private static Throwable toProblem(Throwable failure) {
    return failure instanceof ReplyException reply
            && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
        ? ProblemCodec.unwrap(reply)
        : Peers.unreachable();
  }

  /** Leaves the cluster. */
  public synchronized Future<Void> close() {
    isClosed = true;
    return shared == null ? Future.succeededFuture() : shared.close();
  }
}
