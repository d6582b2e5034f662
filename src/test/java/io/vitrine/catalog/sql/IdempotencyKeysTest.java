package io.vitrine.catalog.sql;

import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.TestingCatalog;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestingCatalog.class)
class IdempotencyKeysTest {
  private final AtomicInteger runs = new AtomicInteger();
  private final Pool pool;
  private final Optional<IdempotencyKey> key =
      Optional.of(new IdempotencyKey("a", UUID.randomUUID().toString(), "f"));

  IdempotencyKeysTest(Pool pool) {
    this.pool = pool;
  }

  private JsonObject run(Duration ttl) throws Exception {
    var keys = new IdempotencyKeys(pool, ttl);
    return result(
        Transactions.in(
            pool,
            connection ->
                keys.once(
                    connection,
                    key,
                    () ->
                        Future.succeededFuture(
                            new JsonObject().put("run", runs.incrementAndGet())))));
  }

  private int known() throws Exception {
    return result(pool.query("select from idempotency_keys").execute()).size();
  }

  @Test
  void remembersAnswers() throws Exception {
    assertThat(run(Duration.ofHours(1))).isEqualTo(new JsonObject().put("run", 1));
    assertThat(run(Duration.ofHours(1))).isEqualTo(new JsonObject().put("run", 1));
  }

  @Test
  void worksAgainWhenTheAnswerIsTooOld() throws Exception {
    run(Duration.ZERO);

    assertThat(run(Duration.ofHours(1))).isEqualTo(new JsonObject().put("run", 2));
    assertThat(run(Duration.ofHours(1))).isEqualTo(new JsonObject().put("run", 2));
  }

  @Test
  void forgetsWhatHasExpired() throws Exception {
    var keys = new IdempotencyKeys(pool, Duration.ZERO);
    result(keys.forgetExpired());
    int before = known();
    run(Duration.ZERO);
    assertThat(known()).isEqualTo(before + 1);

    result(keys.forgetExpired());

    assertThat(known()).isEqualTo(before);
  }
}
