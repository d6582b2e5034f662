package io.vitrine.access.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.identity.IdentityContract;
import io.vitrine.config.Secret;
import io.vitrine.image.Caller;
import io.vitrine.image.problem.Problem;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingKeystone;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeystoneIdentityTest extends IdentityContract {
  private static final int MAX_REQUESTS = 4;

  private TestingKeystone keystone;
  private Identity identity;
  private volatile Duration elapsed = Duration.ZERO;

  @BeforeEach
  void start() throws Exception {
    keystone = TestingKeystone.start();
    identity = identity(TestingKeystone.PASSWORD, Duration.ofMinutes(1));
  }

  private KeystoneIdentity identity(String password, Duration cacheTtl) {
    return identity(password, cacheTtl, Duration.ofSeconds(2));
  }

  private KeystoneIdentity identity(String password, Duration cacheTtl, Duration requestTimeout) {
    var config =
        new KeystoneConfig(
            Optional.of(Url.parse(keystone.url())),
            Optional.of("https://keystone.example/v3"),
            "glance",
            new Secret(password),
            "Default",
            "service",
            "Default",
            "",
            new Secret(""),
            Optional.empty(),
            cacheTtl,
            5000,
            Duration.ofSeconds(5),
            requestTimeout,
            1,
            MAX_REQUESTS);
    InstantSource source = () -> Instant.now().plus(elapsed);
    return new KeystoneIdentity(VERTX, config, source.withZone(ZoneOffset.UTC));
  }

  @Override
  protected Identity identity() {
    return identity;
  }

  @Override
  protected String token() {
    keystone.issue("ann's", "ann", "a", "Member", "reader");
    return "ann's";
  }

  @Override
  protected void stopService() throws Exception {
    keystone.stop();
  }

  @Override
  protected void resumeService() throws Exception {
    keystone.resume();
  }

  @Override
  protected void closeService() throws Exception {
    keystone.close();
  }

  @Test
  void sendsTheUnknownToKeystone() {
    assertThat(identity.challenge()).contains("Keystone uri=\"https://keystone.example/v3\"");
  }

  @Test
  void knowsTheDomains() throws Exception {
    var caller = identify("X-Auth-Token", token());

    assertThat(caller.userDomain()).isEqualTo("default");
    assertThat(caller.projectDomain()).isEqualTo("default");
  }

  @Test
  void knowsWhatRolesAreHeldOn() throws Exception {
    keystone.issueForSystem("system", "root", "admin");
    keystone.issueForDomain("domain", "root", "admin");

    assertThat(identify("X-Auth-Token", "system").scope()).isEqualTo(Caller.Scope.SYSTEM);
    assertThat(identify("X-Auth-Token", "domain").scope()).isEqualTo(Caller.Scope.DOMAIN);
  }

  @Test
  void refusesAnExpiredToken() {
    keystone.issueFor(Duration.ofSeconds(-1), "old", "ann", "a", "member");

    assertThat(problem("X-Auth-Token", "old")).isInstanceOf(Problem.Unauthenticated.class);
  }

  @Test
  void believesATokenNoLongerThanItLives() throws Exception {
    keystone.issueFor(Duration.ofSeconds(30), "short", "ann", "a", "member");

    assertThat(identify("X-Auth-Token", "short").user()).isEqualTo("ann");
    elapsed = Duration.ofSeconds(20);
    assertThat(identify("X-Auth-Token", "short").user()).isEqualTo("ann");
    elapsed = Duration.ofSeconds(31);

    assertThat(problem("X-Auth-Token", "short")).isInstanceOf(Problem.Unauthenticated.class);
  }

  @Test
  void asksOnceWhileATokenIsBelieved() throws Exception {
    var token = token();

    identify("X-Auth-Token", token);
    keystone.revoke(token);
    var caller = identify("X-Auth-Token", token);

    assertThat(caller.user()).isEqualTo("ann");
    assertThat(keystone.validations()).isEqualTo(1);
  }

  @Test
  void noticesARevocationAfterTheTime() throws Exception {
    identity = identity(TestingKeystone.PASSWORD, Duration.ofMillis(300));
    var token = token();
    identify("X-Auth-Token", token);

    keystone.revoke(token);

    TestingConditions.await(
        () ->
            identity
                .identify(headers("X-Auth-Token", token))
                .transform(done -> Future.succeededFuture(done.failed()))
                .await(),
        failed -> failed);
    assertThat(problem("X-Auth-Token", token)).isInstanceOf(Problem.Unauthenticated.class);
  }

  @Test
  void asksOnceForAnUnknownToken() {
    IntStream.range(0, 10).forEach(round -> problem("X-Auth-Token", "unknown"));

    assertThat(keystone.validations()).isEqualTo(1);
  }

  @Test
  void asksNothingOfAKeystoneForATextThatIsNoToken() {
    problem("X-Auth-Token", "a b");

    assertThat(keystone.validations() + keystone.logins()).isZero();
  }

  @Test
  void addsTheRolesOfTheServiceThatAsks() throws Exception {
    keystone.issue("nova's", "nova", "services", "Service");

    var caller = identify("X-Auth-Token", token(), "X-Service-Token", "nova's");

    assertThat(caller.user()).isEqualTo("ann");
    assertThat(caller.roles()).containsExactlyInAnyOrder("member", "reader");
    assertThat(caller.serviceRoles()).containsExactly("service");
  }

  @Test
  void refusesAnUnknownServiceToken() {
    assertThat(problem("X-Auth-Token", token(), "X-Service-Token", "forged"))
        .isInstanceOf(Problem.Unauthenticated.class);
  }

  @Test
  void letsServicesFinishForUsersWhoseTokenExpired() throws Exception {
    keystone.issue("nova's", "nova", "services", "service");
    keystone.issue("bob's", "bob", "b", "member");
    keystone.issueFor(Duration.ofSeconds(-1), "old", "ann", "a", "member");

    var caller = identify("X-Auth-Token", "old", "X-Service-Token", "nova's");

    assertThat(caller.user()).isEqualTo("ann");
    assertThat(problem("X-Auth-Token", "old", "X-Service-Token", "bob's"))
        .isInstanceOf(Problem.Unauthenticated.class);
    assertThat(problem("X-Auth-Token", "old")).isInstanceOf(Problem.Unauthenticated.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 403, 400, 429, 302, 204})
  void takesAFailureForNeitherYesNorNo(int status) throws Exception {
    var token = token();
    keystone.failWith(status);

    assertThat(problem("X-Auth-Token", token)).isInstanceOf(Problem.Unavailable.class);

    keystone.failWith(0);
    var caller = eventually(() -> identify("X-Auth-Token", token));
    assertThat(caller.user()).isEqualTo("ann");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "[]",
        "{}",
        "{\"token\": {}}",
        "{\"token\": {\"user\": {\"id\": 7}, \"expires_at\": \"2100-01-01T00:00:00Z\"}}",
        "{\"token\": {\"user\": {\"id\": \"u\"}, \"expires_at\": \"soon\"}}",
        "{\"token\": {\"user\": {\"id\": \"u\"}, \"expires_at\": \"2100-01-01T00:00:00Z\","
            + " \"roles\": [\"admin\"]}}",
        "{\"token\": {\"user\": {\"id\": \"u\"}, \"expires_at\": \"2100-01-01T00:00:00Z\","
            + " \"project\": {}}}"
      })
  void takesNonsenseForNeitherYesNorNo(String answer) {
    keystone.talk(answer);

    assertThat(problem("X-Auth-Token", token())).isInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void givesUpOnAKeystoneThatIsTooSlow() throws Exception {
    var token = token();
    identity = identity(TestingKeystone.PASSWORD, Duration.ofMinutes(1), Duration.ofMillis(300));
    keystone.slowDown(Duration.ofSeconds(5));

    assertThat(problem("X-Auth-Token", token)).isInstanceOf(Problem.Unavailable.class);

    keystone.slowDown(Duration.ZERO);
    assertThat(eventually(() -> identify("X-Auth-Token", token)).user()).isEqualTo("ann");
  }

  @Test
  void cannotKnowAnybodyWithAWrongPassword() {
    identity = identity("wrong", Duration.ofMinutes(1));
    var token = token();

    IntStream.range(0, 20)
        .forEach(
            round ->
                assertThat(problem("X-Auth-Token", token)).isInstanceOf(Problem.Unavailable.class));

    assertThat(keystone.logins()).isLessThan(5);
  }

  @Test
  void keepsItsOwnToken() throws Exception {
    identify("X-Auth-Token", token());
    keystone.issue("bob's", "bob", "b", "member");

    identify("X-Auth-Token", "bob's");

    assertThat(keystone.logins()).isEqualTo(1);
  }

  @Test
  void renewsItsOwnTokenBeforeItExpires() throws Exception {
    keystone.serviceTokensLive(Duration.ofSeconds(30));
    identify("X-Auth-Token", token());
    keystone.issue("bob's", "bob", "b", "member");

    identify("X-Auth-Token", "bob's");

    assertThat(keystone.logins()).isEqualTo(2);
  }

  @Test
  void renewsItsOwnTokenOnceWhenItIsRevoked() throws Exception {
    identify("X-Auth-Token", token());
    keystone.revokeServices();
    IntStream.range(0, 50).forEach(each -> keystone.issue("t" + each, "u" + each, "b", "member"));

    var callers =
        await(
            Future.all(
                IntStream.range(0, 50)
                    .mapToObj(each -> identity.identify(headers("X-Auth-Token", "t" + each)))
                    .toList()));

    assertThat(callers.succeeded()).isTrue();
    assertThat(keystone.logins()).isEqualTo(2);
  }

  @Test
  void asksOnceForAThousandWhoShowTheSameToken() throws Exception {
    var token = token();
    keystone.slowDown(Duration.ofMillis(100));

    var callers =
        await(
            Future.all(
                IntStream.range(0, 1000)
                    .mapToObj(each -> identity.identify(headers("X-Auth-Token", token)))
                    .toList()));

    assertThat(callers.<Caller>list()).hasSize(1000).allMatch(each -> "ann".equals(each.user()));
    assertThat(keystone.validations()).isEqualTo(1);
    assertThat(keystone.logins()).isEqualTo(1);
  }

  @Test
  void asksForAThousandTokensInTurn() throws Exception {
    identity = identity(TestingKeystone.PASSWORD, Duration.ofMinutes(1), Duration.ofSeconds(20));
    IntStream.range(0, 1000).forEach(each -> keystone.issue("t" + each, "u" + each, "p", "member"));

    var callers =
        await(
            Future.all(
                IntStream.range(0, 1000)
                    .mapToObj(each -> identity.identify(headers("X-Auth-Token", "t" + each)))
                    .toList()));

    assertThat(callers.<Caller>list())
        .extracting(Caller::user)
        .containsExactlyElementsOf(IntStream.range(0, 1000).mapToObj(each -> "u" + each).toList());
    assertThat(keystone.validations()).isEqualTo(1000);
    assertThat(keystone.mostOpen()).isLessThanOrEqualTo(MAX_REQUESTS);
  }
}
