package io.vitrine.access.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vitrine.image.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class VerdictCacheTest {
  private final VerdictCache cache =
      new VerdictCache(Duration.ofMinutes(1), 100, Clock.systemUTC());
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void keepsNoMoreThanItMay() throws Exception {
    for (int each = 0; each < 10_000; each++) {
      ask("token-" + each, accepted(Duration.ofHours(1)));
    }

    assertThat(cache.size()).isLessThanOrEqualTo(100);
  }

  @Test
  void asksAgainWhatIsUnknown() throws Exception {
    var unknown = new Verdict.Unknown(new IllegalStateException("down"));

    ask("t", unknown);
    ask("t", unknown);

    assertThat(asked).hasValue(2);
  }

  @Test
  void keepsNoTokenThatHasExpired() throws Exception {
    ask("t", accepted(Duration.ofSeconds(-1)));
    ask("t", accepted(Duration.ofSeconds(-1)));

    assertThat(asked).hasValue(2);
  }

  @Test
  void tellsTokensThatMayHaveExpiredFromOthers() throws Exception {
    ask("t", accepted(Duration.ofHours(1)));
    cache.get("t", true, () -> counted(new Verdict.Refused())).get(5, TimeUnit.SECONDS);

    assertThat(ask("t", new Verdict.Refused())).isInstanceOf(Verdict.Accepted.class);
    assertThat(asked).hasValue(2);
  }

  private Verdict ask(String token, Verdict verdict) throws Exception {
    return cache.get(token, false, () -> counted(verdict)).get(5, TimeUnit.SECONDS);
  }

  private Future<Verdict> counted(Verdict verdict) {
    asked.incrementAndGet();
    return Future.succeededFuture(verdict);
  }

  private static Verdict accepted(Duration life) {
    return new Verdict.Accepted(
        new KeystoneToken(new Caller("ann", "a", Set.of()), Instant.now().plus(life)));
  }
}
