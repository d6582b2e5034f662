package io.vitrine.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.identity.IdentityContract;
import io.vitrine.image.Caller;
import io.vitrine.image.problem.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OidcIdentityTest extends IdentityContract {
  private TestingProvider provider;
  private Identity identity;
  private volatile Duration elapsed = Duration.ZERO;

  @BeforeEach
  void start() throws Exception {
    provider = TestingProvider.start();
    InstantSource source = () -> Instant.now().plus(elapsed);
    identity = new OidcIdentity(VERTX, config(provider.issuer()), source.withZone(ZoneOffset.UTC));
  }

  private static OidcConfig config(String issuer) {
    return new OidcConfig(
        Optional.of(issuer),
        TestingProvider.AUDIENCE,
        "sub",
        "project_id",
        "realm_access.roles",
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        Optional.empty(),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        1,
        new ConsoleClient("", List.of()));
  }

  @Override
  protected Identity identity() {
    return identity;
  }

  @Override
  protected String token() {
    return provider.sign(provider.claims());
  }

  @Override
  protected void stopService() throws Exception {
    provider.stop();
  }

  @Override
  protected void resumeService() throws Exception {
    provider.resume();
  }

  @Override
  protected void closeService() throws Exception {
    provider.close();
  }

  @Test
  void takesBearerTokens() throws Exception {
    assertThat(identify("Authorization", "Bearer " + token()).user()).isEqualTo("ann");
    assertThat(identify("authorization", "bearer  " + token()).user()).isEqualTo("ann");
    assertThat(problem("Authorization", "Basic YTpi")).isInstanceOf(Problem.Unauthenticated.class);
    assertThat(identity.challenge()).contains("Bearer");
  }

  @Test
  void refusesTokensOfAnotherKey() throws Exception {
    try (var other = TestingProvider.start()) {
      assertThat(problemWith(other.sign(provider.claims())))
          .isInstanceOf(Problem.Unauthenticated.class);
    }
  }

  @Test
  void refusesTokensThatAreNotSignedByAPublicKey() {
    var unsigned = provider.sign(new JsonObject().put("alg", "none"), provider.claims());
    var shared = provider.sign(new JsonObject().put("alg", "HS256"), provider.claims());

    assertThat(problemWith(unsigned)).isInstanceOf(Problem.Unauthenticated.class);
    assertThat(problemWith(unsigned.substring(0, unsigned.lastIndexOf('.') + 1)))
        .isInstanceOf(Problem.Unauthenticated.class);
    assertThat(problemWith(shared)).isInstanceOf(Problem.Unauthenticated.class);
  }

  @Test
  void refusesClaimsThatAreNotInOrder() {
    var now = Instant.now().getEpochSecond();

    assertThat(problemWith(provider.claims().put("exp", now - 60)))
        .isInstanceOf(Problem.Unauthenticated.class);
    assertThat(problemWith(provider.claims().put("nbf", now + 60)))
        .isInstanceOf(Problem.Unauthenticated.class);
    assertThat(problemWith(provider.claims().put("iss", "https://other.example")))
        .isInstanceOf(Problem.Unauthenticated.class);
    assertThat(problemWith(provider.claims().put("aud", "other")))
        .isInstanceOf(Problem.Unauthenticated.class);
    assertThat(problemWith(without("exp"))).isInstanceOf(Problem.Unauthenticated.class);
    assertThat(problemWith(without("aud"))).isInstanceOf(Problem.Unauthenticated.class);
    assertThat(problemWith(without("iss"))).isInstanceOf(Problem.Unauthenticated.class);
    assertThat(problemWith(without("sub"))).isInstanceOf(Problem.Unauthenticated.class);
  }

  @Test
  void bearsClocksThatDiffer() throws Exception {
    var claims = provider.claims().put("exp", Instant.now().getEpochSecond() - 10);

    assertThat(identify("X-Auth-Token", provider.sign(claims)).user()).isEqualTo("ann");
  }

  @Test
  void readsRolesFromATextAndFromPlainClaims() throws Exception {
    var plain = provider.claims().put("realm_access.roles", "admin Reader");

    assertThat(identify("X-Auth-Token", provider.sign(plain)).roles())
        .containsExactlyInAnyOrder("admin", "reader");
  }

  @Test
  void givesNoRightsWithoutClaims() throws Exception {
    var poor = without("realm_access");
    poor.remove("project_id");

    var caller = identify("X-Auth-Token", provider.sign(poor));

    assertThat(caller.roles()).isEmpty();
    assertThat(caller.project()).isNull();
    assertThat(caller.scope()).isEqualTo(Caller.Scope.NONE);
  }

  @Test
  void takesNoRolesFromClaimsOfAnotherForm() throws Exception {
    var odd =
        provider
            .claims()
            .put("project_id", new JsonArray().add("a"))
            .put("realm_access", new JsonObject().put("roles", new JsonArray().add(7).addNull()));

    var caller = identify("X-Auth-Token", provider.sign(odd));

    assertThat(caller.roles()).isEmpty();
    assertThat(caller.project()).isNull();
  }

  @Test
  void findsANewKeyOfTheProvider() throws Exception {
    identify("X-Auth-Token", token());
    provider.rotate("second");
    elapsed = Duration.ofMinutes(1);

    assertThat(identify("X-Auth-Token", token()).user()).isEqualTo("ann");
  }

  @Test
  void asksSeldomForKeysThatNobodyHas() throws Exception {
    identify("X-Auth-Token", token());
    var forged = new JsonObject().put("alg", "RS256").put("kid", "forged");

    IntStream.range(0, 20)
        .forEach(
            each ->
                assertThat(problemWith(provider.sign(forged, provider.claims())))
                    .isInstanceOf(Problem.Unauthenticated.class));

    assertThat(provider.fetches()).isEqualTo(2);
  }

  @Test
  void keepsItsKeysWhileTheProviderIsAway() throws Exception {
    var token = token();
    identify("X-Auth-Token", token);
    provider.stop();
    elapsed = Duration.ofMinutes(30);

    assertThat(identify("X-Auth-Token", token).user()).isEqualTo("ann");
  }

  @Test
  void trustsNoDocumentOfAnotherIssuer() {
    identity = new OidcIdentity(VERTX, config(provider.issuer() + "/other"), Clock.systemUTC());

    assertThat(problemWith(token())).isInstanceOf(Problem.Unavailable.class);
  }

  private JsonObject without(String claim) {
    var claims = provider.claims();
    claims.remove(claim);
    return claims;
  }

  private Problem problemWith(JsonObject claims) {
    return problemWith(provider.sign(claims));
  }

  private Problem problemWith(String token) {
    return problem("X-Auth-Token", token);
  }
}
