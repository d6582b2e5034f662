package io.vitrine.access.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vitrine.image.Caller;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.testing.TestingConditions;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every identity does that takes tokens of an identity service. */
public abstract class IdentityContract {
  protected static final Vertx VERTX = Vertx.vertx();

  /** The identity under test, made anew for each test, as is the service it asks. */
  protected abstract Identity identity();

  /** A new valid token of user "ann" for project "a" with the roles "Member" and "reader". */
  protected abstract String token();

  /** Stops the identity service. */
  protected abstract void stopService() throws Exception;

  /** Starts it again, where it was. */
  protected abstract void resumeService() throws Exception;

  protected abstract void closeService() throws Exception;

  @AfterEach
  void close() throws Exception {
    closeService();
  }

  @Test
  void knowsWhoShowsAToken() throws Exception {
    var caller = identify("X-Auth-Token", token());

    assertThat(caller.user()).isEqualTo("ann");
    assertThat(caller.project()).isEqualTo("a");
    assertThat(caller.roles()).containsExactlyInAnyOrder("member", "reader");
    assertThat(caller.serviceRoles()).isEmpty();
    assertThat(caller.isReadOnly()).isFalse();
    assertThat(caller.scope()).isEqualTo(Caller.Scope.PROJECT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "unknown", "eyJhbGciOiJub25lIn0.e30.", "a b", "ä", "\u0001"})
  void refusesWhatIsNoToken(String text) {
    assertThat(problem("X-Auth-Token", text)).isInstanceOf(Problem.Unauthenticated.class);
  }

  @Test
  void refusesATokenThatIsTooLong() {
    assertThat(problem("X-Auth-Token", "a".repeat(20_000)))
        .isInstanceOf(Problem.Unauthenticated.class);
  }

  @Test
  void refusesWhoShowsNothing() {
    assertThat(problem()).isInstanceOf(Problem.Unauthenticated.class);
    assertThat(identity().challenge()).isPresent();
  }

  @Test
  void believesNoHeaderThatNamesAnIdentity() throws Exception {
    String[] claims = {
      "X-Identity-Status", "Confirmed",
      "X-Service-Identity-Status", "Confirmed",
      "X-User-Id", "root",
      "X-User-Name", "root",
      "X-Project-Id", "b",
      "X-Tenant-Id", "b",
      "X-Roles", "admin",
      "X-Role", "admin",
      "X-Service-Roles", "service",
      "X-System-Scope", "all",
      "X-Domain-Id", "default",
      "X-Is-Admin-Project", "True",
      "X-Auth-Key", "root",
      "X-Trusted-User", "root",
      "Remote-User", "root",
    };
    var headers = headers(claims);

    assertThat(problem(claims)).isInstanceOf(Problem.Unauthenticated.class);

    var caller = await(identity().identify(headers.add("X-Auth-Token", token())));

    assertThat(caller).isEqualTo(identify("X-Auth-Token", token()));
    assertThat(caller.isAdmin()).isFalse();
  }

  @Test
  void answersOnTheContextThatAsks() throws Exception {
    var token = token();

    for (int round = 0; round < 3; round++) {
      var context = VERTX.getOrCreateContext();
      var onContext =
          Future.<Boolean>future(
              promise ->
                  context.runOnContext(
                      asked ->
                          identity()
                              .identify(headers("X-Auth-Token", token))
                              .onComplete(
                                  known ->
                                      promise.complete(
                                          VERTX.getOrCreateContext().equals(context)))));

      assertThat(await(onContext)).isTrue();
    }
  }

  @Test
  void saysWhenNobodyCanBeKnownAndRecovers() throws Exception {
    var token = token();
    stopService();

    assertThat(problem("X-Auth-Token", token)).isInstanceOf(Problem.Unavailable.class);

    resumeService();
    var caller = eventually(() -> identify("X-Auth-Token", token));

    assertThat(caller.user()).isEqualTo("ann");
  }

  @Test
  void letsTheUnknownReadWhenTold() throws Exception {
    var open = new AnonymousReading(identity());

    assertThat(await(open.identify(headers()))).isEqualTo(Caller.anonymous());
    assertThat(await(open.identify(headers("X-Auth-Token", token()))).user()).isEqualTo("ann");
    assertThat(Caller.anonymous().isReadOnly()).isTrue();
    assertThatThrownBy(() -> await(open.identify(headers("X-Auth-Token", "unknown"))))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.Unauthenticated.class));
  }

  protected final Caller identify(String... headers) throws Exception {
    return await(identity().identify(headers(headers)));
  }

  protected final Problem problem(String... headers) {
    var failure =
        identity()
            .identify(headers(headers))
            .transform(done -> Future.succeededFuture(done.cause()));
    try {
      return ((ProblemException) await(failure)).problem();
    } catch (Exception late) {
      throw new AssertionError(late);
    }
  }

  protected static <T> T eventually(Callable<T> action) {
    return TestingConditions.await(
            () -> {
              try {
                return Optional.of(action.call());
              } catch (ProblemException notYet) {
                return Optional.<T>empty();
              }
            },
            Optional::isPresent)
        .orElseThrow();
  }

  protected static MultiMap headers(String... namesAndValues) {
    var headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  protected static <T> T await(Future<T> future) throws Exception {
    return future.await(30, TimeUnit.SECONDS);
  }
}
