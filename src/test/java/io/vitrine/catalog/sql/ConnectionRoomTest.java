package io.vitrine.catalog.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vitrine.observe.metrics.DatabaseMeters;
import io.vitrine.testing.TestingConditions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionRoomTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Vertx vertx = Vertx.vertx();
  private final MeterRegistry registry = new SimpleMeterRegistry();

  /** What runs: the names of the clients in the order in which they got a connection. */
  private final List<String> begun = new ArrayList<>();

  private final Queue<Promise<Void>> running = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private ConnectionRoom room(int connections, int waiting, int ofClient, Duration patience) {
    return new ConnectionRoom(
        vertx,
        new ConnectionRoom.Limits(connections, waiting, ofClient, patience),
        new DatabaseMeters(registry).of("test"));
  }

  private Future<Void> use(ConnectionRoom room, String client) {
    return room.use(
        client,
        () -> {
          var end = Promise.<Void>promise();
          synchronized (begun) {
            begun.add(client);
          }
          running.add(end);
          return end.future();
        });
  }

  private List<Future<Void>> use(ConnectionRoom room, String client, int times) {
    return IntStream.range(0, times).mapToObj(each -> use(room, client)).toList();
  }

  private List<String> begun() {
    synchronized (begun) {
      return List.copyOf(begun);
    }
  }

  /** Lets one end, and waits until so many have begun. */
  private void endOne(int sum) {
    running.remove().complete();
    TestingConditions.await(() -> begun().size(), size -> size == sum);
  }

  private double gauge(String name) {
    return registry.get(name).tag("pool", "test").gauge().value();
  }

  private static Throwable failure(Future<Void> failing) {
    TestingConditions.await(failing::isComplete, isDone -> isDone);
    return failing.cause();
  }

  @Test
  void keepsConnectionsFromASingleClient() {
    var room = room(4, 10, 10, LONG);

    use(room, "greedy", 4);
    assertThat(begun()).containsExactly("greedy", "greedy", "greedy");
    assertThat(gauge("vitrine.database.waiting")).isOne();

    use(room, "other");
    assertThat(begun()).hasSize(4).endsWith("other");
    assertThat(gauge("vitrine.database.connections.used")).isEqualTo(4);
  }

  @Test
  void servesThoseWhoWaitInTurns() {
    var room = room(1, 100, 100, LONG);
    use(room, "first");
    use(room, "greedy", 20);
    use(room, "a", 2);
    use(room, "b");

    for (int ended = 2; ended <= 7; ended++) {
      endOne(ended);
    }

    assertThat(begun()).containsExactly("first", "greedy", "a", "b", "greedy", "a", "greedy");
  }

  @Test
  void refusesAClientWithMoreThanItsShareOfPlaces() {
    var room = room(1, 10, 3, LONG);
    use(room, "greedy", 4);

    var refused = use(room, "greedy");

    assertThat(failure(refused)).isInstanceOf(NoRoomException.class);
    assertThat(CatalogFailures.fault(refused.cause())).contains(CatalogFault.BUSY);
    assertThat(use(room, "other").isComplete()).isFalse();
    assertThat(registry.get("vitrine.database.refused").counter().count()).isOne();
  }

  @Test
  void refusesAllWhenEveryPlaceIsTaken() {
    var room = room(1, 2, 2, LONG);
    use(room, "a", 2);
    use(room, "b");

    assertThat(failure(use(room, "c"))).isInstanceOf(NoRoomException.class);
  }

  @Test
  void letsNobodyWaitForLong() {
    var room = room(1, 10, 10, Duration.ofMillis(50));
    use(room, "a");

    var late = use(room, "b");

    assertThat(failure(late)).isInstanceOf(NoRoomException.class);
    assertThat(gauge("vitrine.database.waiting")).isZero();
    running.remove().complete();
    use(room, "b");
    assertThat(begun()).containsExactly("a", "b");
  }

  @Test
  void givesBackWhatAFailureHeld() {
    var room = room(1, 10, 10, LONG);

    room.use(
        "a",
        () -> {
          throw new IllegalStateException("a defect");
        });
    use(room, "b");

    assertThat(begun()).containsExactly("b");
  }

  @Test
  void doesNotLimitWhatIsOnNobodysBehalf() {
    var room = room(4, 10, 1, LONG);

    use(room, Requester.UNKNOWN, 4 + 10);

    assertThat(begun()).hasSize(4);
    assertThat(gauge("vitrine.database.waiting")).isEqualTo(10);
  }

  @Test
  void isEmptyAfterwards() {
    var room = room(3, 1000, 1000, LONG);
    for (int client = 0; client < 50; client++) {
      use(room, "client " + client, 5);
    }

    for (int ended = 4; ended <= 250; ended++) {
      endOne(ended);
    }
    running.forEach(Promise::complete);

    assertThat(gauge("vitrine.database.connections.used")).isZero();
    assertThat(gauge("vitrine.database.waiting")).isZero();
  }
}
