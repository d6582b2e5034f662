package io.vitrine.catalog.sql;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vitrine.observe.metrics.DatabaseMeters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares a pool's connections fairly between clients. Waiting clients take turns, every wait is
 * short, and no client can occupy all connections or the whole queue. Thread-safe.
 */
public final class ConnectionRoom {
  private final Vertx vertx;
  private final Limits limits;
  private final DatabaseMeters.OfPool meters;
  private final Map<String, Client> clients = new HashMap<>();
  private final Queue<Client> turns = new ArrayDeque<>();
  private int used;
  private int waiting;

  /**
   * The limits of a pool.
   *
   * @param connections the size of the pool
   * @param maxWaiting the length of the queue
   * @param maxWaitingOfClient one client's share of the queue
   * @param patience the longest wait
   */
  public record Limits(int connections, int maxWaiting, int maxWaitingOfClient, Duration patience) {
    /** A client's share of connections: three quarters, and if there are several, never all. */
    int connectionsOfClient() {
      return connections == 1 ? 1 : connections - Math.max(1, connections / 4);
    }
  }

  /** A client that uses or waits for connections. */
  private static final class Client {
    private final String name;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int used;

    Client(String name) {
      this.name = name;
    }

    boolean isIdle() {
      return used == 0 && waiting.isEmpty();
    }
  }

  private record Waiting(Context context, Promise<Client> turn, long timer) {}

  /** The room of a pool. */
  public ConnectionRoom(Vertx vertx, Limits limits, DatabaseMeters.OfPool meters) {
    this.vertx = vertx;
    this.limits = limits;
    this.meters = meters;
    meters.watch(this::used, this::waiting);
  }

  private synchronized int used() {
    return used;
  }

  private synchronized int waiting() {
    return waiting;
  }

  /** Runs work that uses one connection, when it is the client's turn. */
  <T extends @Nullable Object> Future<T> use(String client, Supplier<Future<T>> work) {
    return enter(client)
        .compose(
            entered ->
                Future.succeededFuture()
                    .compose(ready -> work.get())
                    .onComplete(done -> leave(entered)));
  }

  private synchronized Future<Client> enter(String name) {
    var client = clients.computeIfAbsent(name, Client::new);
    if (used < limits.connections && client.used < most(client)) {
      return Future.succeededFuture(take(client));
    }
    boolean isFull = waiting >= limits.maxWaiting;
    if (isFull || client.waiting.size() >= mostWaiting(client)) {
      meters.refused();
      return Future.failedFuture(
          new NoRoomException(
              isFull
                  ? "%d others are waiting for a database connection".formatted(waiting)
                  : "this client is already waiting for %d database connections"
                      .formatted(client.waiting.size())));
    }
    return enqueue(client);
  }

  /** The client's limit; internal work is not limited by a client's share. */
  private int most(Client client) {
    return client.name.equals(Requester.UNKNOWN)
        ? limits.connections
        : limits.connectionsOfClient();
  }

  private int mostWaiting(Client client) {
    return client.name.equals(Requester.UNKNOWN) ? limits.maxWaiting : limits.maxWaitingOfClient;
  }

  private Client take(Client client) {
    used++;
    client.used++;
    return client;
  }

  private Future<Client> enqueue(Client client) {
    var promise = Promise.<Client>promise();
    var context = vertx.getOrCreateContext();
    long timer = vertx.setTimer(limits.patience.toMillis(), late -> giveUp(client, promise));
    if (client.waiting.isEmpty()) {
      turns.add(client);
    }
    client.waiting.add(new Waiting(context, promise, timer));
    waiting++;
    return promise.future();
  }

  private void giveUp(Client client, Promise<Client> promise) {
    @Nullable Waiting late = null;
    synchronized (this) {
      for (var each : client.waiting) {
        late = each.turn.equals(promise) ? each : late;
      }
      if (late != null) {
        client.waiting.remove(late);
        waiting--;
        if (client.waiting.isEmpty()) {
          turns.remove(client);
        }
        forgetIdle(client);
      }
    }
    if (late != null) {
      meters.refused();
      late.context.runOnContext(
          now ->
              promise.fail(
                  new NoRoomException(
                      "no database connection was free within %d ms"
                          .formatted(limits.patience.toMillis()))));
    }
  }

  private void leave(Client client) {
    @Nullable Waiting next;
    @Nullable Client chosen;
    synchronized (this) {
      used--;
      client.used--;
      chosen = choose();
      next = chosen == null ? null : chosen.waiting.poll();
      if (chosen != null) {
        waiting--;
        take(chosen);
        if (!chosen.waiting.isEmpty()) {
          turns.add(chosen);
        }
      }
      forgetIdle(client);
    }
    if (next != null && chosen != null) {
      vertx.cancelTimer(next.timer);
      var entered = chosen;
      next.context.runOnContext(now -> next.turn.complete(entered));
    }
  }

  /** The next client; those at their limit are passed over. */
  private @Nullable Client choose() {
    for (int left = turns.size(); left > 0; left--) {
      var client = turns.remove();
      if (client.used < most(client)) {
        return client;
      }
      turns.add(client);
    }
    return null;
  }

  private void forgetIdle(Client client) {
    if (client.isIdle()) {
      clients.remove(client.name, client);
    }
  }
}
