package io.vitrine.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vitrine.access.identity.CodeSignIn;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OidcSignInTest {
  private final Vertx vertx = Vertx.vertx();
  private volatile Duration elapsed = Duration.ZERO;
  private TestingProvider provider;

  @BeforeEach
  void start() throws Exception {
    provider = TestingProvider.start();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
    provider.close();
  }

  private CodeSignIn signIn(String issuer) {
    InstantSource source = () -> Instant.now().plus(elapsed);
    Clock clock = source.withZone(ZoneOffset.UTC);
    var config =
        new OidcConfig(
            Optional.of(issuer),
            TestingProvider.AUDIENCE,
            "sub",
            "project_id",
            "roles",
            Duration.ZERO,
            Duration.ofMinutes(10),
            Optional.empty(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            0,
            new ConsoleClient(TestingCodes.CLIENT, List.of("openid")));
    return config.codeSignIn(vertx, clock).orElseThrow();
  }

  private static CodeSignIn.Provider asked(CodeSignIn signIn) throws Exception {
    return signIn.provider().await(10, TimeUnit.SECONDS);
  }

  private static void assertUnavailable(CodeSignIn signIn) {
    assertThatThrownBy(() -> asked(signIn))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.Unavailable.class));
  }

  @Test
  void fetchesTheDiscoveryDocumentOncePerPeriod() throws Exception {
    var codes = new TestingCodes(provider);
    codes.restore();
    var signIn = signIn(provider.issuer());

    assertThat(asked(signIn)).isEqualTo(asked(signIn));
    assertThat(provider.fetches()).isEqualTo(1);

    elapsed = Duration.ofMinutes(11);
    assertThat(asked(signIn).issuer()).isEqualTo(provider.issuer());
    assertThat(provider.fetches()).isEqualTo(2);
  }

  @Test
  void isUnavailableWhenTheDocumentNamesNoEndpoints() {
    assertUnavailable(signIn(provider.issuer()));
  }

  @Test
  void isUnavailableWhenTheDocumentNamesAnotherIssuer() {
    new TestingCodes(provider).restore();

    assertUnavailable(signIn(provider.issuer() + "/other"));
  }

  @Test
  void isUnavailableWhileTheProviderIs() throws Exception {
    new TestingCodes(provider).restore();
    var signIn = signIn(provider.issuer());
    provider.stop();
    assertUnavailable(signIn);

    provider.resume();
    elapsed = Duration.ofSeconds(2);
    assertThat(asked(signIn).clientId()).isEqualTo(TestingCodes.CLIENT);
  }
}
