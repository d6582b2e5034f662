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
 * Lets clients use the connections of a pool, those who wait in turn by client. Nobody waits for
 * long, and no client alone takes all connections or all places to wait, so that others get through
 * whatever one of them does. Shared by all threads.
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
   * How much room there is.
   *
   * @param connections of the pool
   * @param maxWaiting how many wait for a connection at most
   * @param maxWaitingOfClient how many of them are one client's
   * @param patience how long they wait
   */
  public record Limits(int connections, int maxWaiting, int maxWaitingOfClient, Duration patience) {
    /** A quarter, but at least one of several, is left to others. */
    int connectionsOfClient() {
      return connections == 1 ? 1 : connections - Math.max(1, connections / 4);
    }
  }

  /** One who has or wants connections. */
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

  /** Room for a pool. */
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

  /** Does work that uses one connection when it is the client's turn. */
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
                  ? "%d others wait for a connection to the database".formatted(waiting)
                  : "the client waits for %d connections to the database already"
                      .formatted(client.waiting.size())));
    }
    return enqueue(client);
  }

  /** What is done on nobody's behalf is not limited by the share of one client. */
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
                      "no connection to the database was free within %d ms"
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

  /** Whose turn it is; those who have their share of connections are passed over. */
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
