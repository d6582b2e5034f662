package io.vitrine.access.keystone;

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

class TokenCacheTest {
  private final TokenCache cache = new TokenCache(Duration.ofMinutes(1), 100, Clock.systemUTC());
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
    var unknown = new TokenValidation.Unknown(new IllegalStateException("down"));

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
    cache.get("t", true, () -> counted(new TokenValidation.Refused())).get(5, TimeUnit.SECONDS);

    assertThat(ask("t", new TokenValidation.Refused()))
        .isInstanceOf(TokenValidation.Accepted.class);
    assertThat(asked).hasValue(2);
  }

  private TokenValidation ask(String token, TokenValidation validation) throws Exception {
    return cache.get(token, false, () -> counted(validation)).get(5, TimeUnit.SECONDS);
  }

  private Future<TokenValidation> counted(TokenValidation validation) {
    asked.incrementAndGet();
    return Future.succeededFuture(validation);
  }

  private static TokenValidation accepted(Duration life) {
    return new TokenValidation.Accepted(
        new KeystoneToken(new Caller("ann", "a", Set.of()), Instant.now().plus(life)));
  }
}
