package io.vitrine.catalog.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.SqlConnection;
import io.vitrine.observe.metrics.DatabaseMeters;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatabaseProbeTest {
  private final DatabaseWatch watch =
      new DatabaseWatch(new DatabaseMeters(new SimpleMeterRegistry()));
  private int opened;

  @Test
  void letsAConnectionBeMadeForLongerThanAnAnswerMayTake() {
    var probe = probe(work -> Promise.promise().future());

    askUntilItIsLate(probe);
    probe.ask();

    assertThat(watch.fault()).isPresent();
    assertThat(opened).isEqualTo(1);
  }

  @Test
  void givesUpAConnectionOnWhichNoAnswerComes() {
    var probe = probe(work -> work.apply(silentConnection()));

    askUntilItIsLate(probe);

    assertThat(watch.fault()).isPresent();
    assertThat(opened).isEqualTo(2);
  }

  private static void askUntilItIsLate(DatabaseProbe probe) {
    IntStream.range(0, 5).forEach(time -> probe.ask());
  }

  private DatabaseProbe probe(Function<Function<SqlConnection, Future<?>>, Future<?>> connecting) {
    return new DatabaseProbe(
        () -> {
          opened++;
          return pool(connecting);
        },
        watch);
  }

  @SuppressWarnings("unchecked")
  private static Pool pool(Function<Function<SqlConnection, Future<?>>, Future<?>> connecting) {
    return fake(
        Pool.class,
        Map.of(
            "withConnection",
            arguments -> connecting.apply((Function<SqlConnection, Future<?>>) arguments[0]),
            "close",
            arguments -> Future.succeededFuture()));
  }

  private static SqlConnection silentConnection() {
    var query = fake(Query.class, Map.of("execute", arguments -> Promise.promise().future()));
    var connection = new SqlConnection[1];
    connection[0] =
        fake(
            SqlConnection.class,
            Map.of("exceptionHandler", arguments -> connection[0], "query", arguments -> query));
    return connection[0];
  }

  /** Equal to itself only. */
  @SuppressWarnings("ReferenceEquality")
  private static <T> T fake(Class<T> type, Map<String, Function<Object[], Object>> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                method.getName().equals("equals")
                    ? self == arguments[0]
                    : Objects.requireNonNull(answers.get(method.getName())).apply(arguments)));
  }
}
