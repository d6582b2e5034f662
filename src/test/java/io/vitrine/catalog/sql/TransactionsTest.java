package io.vitrine.catalog.sql;

import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vitrine.catalog.TestingCatalog;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestingCatalog.class)
class TransactionsTest {
  private final Pool pool;
  private final AtomicInteger attempts = new AtomicInteger();

  TransactionsTest(Pool pool) {
    this.pool = pool;
  }

  @BeforeEach
  void makeTable() throws Exception {
    result(pool.query("create table if not exists done (attempt int)").execute());
  }

  @AfterEach
  void dropTable() throws Exception {
    result(pool.query("drop table done").execute());
  }

  private Future<Integer> done() {
    return pool.query("select attempt from done order by attempt")
        .execute()
        .map(rows -> rows.size() == 1 ? rows.iterator().next().getInteger(0) : -rows.size());
  }

  /** Work that leaves its attempt behind, and fails in this way at first. */
  private Function<SqlConnection, Future<Integer>> work(int failing, String sql) {
    return connection -> {
      int attempt = attempts.incrementAndGet();
      return connection
          .query("insert into done values (%d)".formatted(attempt))
          .execute()
          .compose(
              inserted ->
                  attempt <= failing
                      ? connection.query(sql).execute().map(attempt)
                      : Future.succeededFuture(attempt));
    };
  }

  private static String raise(String state) {
    return "do $$ begin raise exception 'no' using errcode = '%s'; end $$".formatted(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01"})
  void doesAgainWhatHadToGiveWay(String state) throws Exception {
    assertThat(result(Transactions.in(pool, work(3, raise(state))))).isEqualTo(4);

    assertThat(result(done())).isEqualTo(4);
  }

  @Test
  void doesAgainWhatLostItsConnection() throws Exception {
    var lost = work(1, "select pg_terminate_backend(pg_backend_pid())");

    assertThat(result(Transactions.in(pool, lost))).isEqualTo(2);

    assertThat(result(done())).isEqualTo(2);
  }

  @Test
  void givesUpInTheEnd() {
    assertThatThrownBy(() -> result(Transactions.in(pool, work(1000, raise("40001")))))
        .isInstanceOf(PgException.class);

    assertThat(attempts.get()).isBetween(3, 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "53300", "XX000"})
  void doesNothingElseAgain(String state) throws Exception {
    assertThatThrownBy(() -> result(Transactions.in(pool, work(1, raise(state)))))
        .isInstanceOf(PgException.class);

    assertThat(attempts.get()).isEqualTo(1);
    assertThat(result(done())).isZero();
  }

  @Test
  void rollsBackWhatThrows() throws Exception {
    Function<SqlConnection, Future<Integer>> work =
        connection -> {
          throw new IllegalStateException("a defect");
        };

    assertThatThrownBy(() -> result(Transactions.in(pool, work)))
        .isInstanceOf(IllegalStateException.class);
    for (int i = 0; i < 20; i++) {
      assertThat(result(Transactions.in(pool, work(0, "")))).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({"lock_timeout,5s", "idle_in_transaction_session_timeout,10s"})
  void givesUpLocksInTime(String setting, String value) throws Exception {
    var shown = result(pool.query("show " + setting).execute());

    assertThat(shown.iterator().next().getString(0)).isEqualTo(value);
  }
}
