package io.vitrine.access.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vitrine.access.quota.ProjectLimits;
import io.vitrine.access.quota.QuotaConfig;
import io.vitrine.access.quota.Resource;
import io.vitrine.config.Secret;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingKeystone;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeystoneLimitsTest {
  private final Vertx vertx = Vertx.vertx();
  private TestingKeystone keystone;
  private KeystoneLimits limits;

  @BeforeEach
  void start() throws Exception {
    keystone = TestingKeystone.start();
    limits = limits(Duration.ofMinutes(1));
  }

  @AfterEach
  void stop() throws Exception {
    keystone.close();
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private KeystoneLimits limits(Duration ttl) {
    var config =
        new KeystoneConfig(
            Optional.of(Url.parse(keystone.url())),
            Optional.of("https://keystone.example/v3"),
            "glance",
            new Secret(TestingKeystone.PASSWORD),
            "Default",
            "service",
            "Default",
            "",
            new Secret(""),
            Optional.empty(),
            Duration.ofMinutes(1),
            100,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            0,
            4);
    return new KeystoneLimits(
        vertx, config, new QuotaConfig.Keystone("images", "north", ttl), Clock.systemUTC());
  }

  private ProjectLimits of(String project) throws Exception {
    return limits.of(project).await(20, TimeUnit.SECONDS);
  }

  @Test
  void prefersTheLimitOfTheProject() throws Exception {
    keystone.register("image_count_total", 5);
    keystone.register("image_size_total", 2);
    keystone.register("volumes", 9);
    keystone.limit("a", "image_count_total", 7);

    assertThat(of("a").most(Resource.IMAGE_COUNT_TOTAL)).hasValue(7);
    assertThat(of("b").most(Resource.IMAGE_COUNT_TOTAL)).hasValue(5);
    assertThat(of("b").most(Resource.IMAGE_SIZE_TOTAL)).hasValue(2 << 20);
  }

  @Test
  void keepsNoLimitsOfAnotherModel() throws Exception {
    keystone.register("image_count_total", 5);
    keystone.enforce("strict_two_level");

    var cause = limits.of("a").transform(Future::succeededFuture).await(20, TimeUnit.SECONDS);

    assertThat(cause.cause())
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure ->
                assertThat(failure.problem())
                    .isInstanceOfSatisfying(
                        Problem.Unavailable.class,
                        problem -> assertThat(problem.detail()).contains("strict_two_level")));
    assertThat(keystone.limitLists()).isZero();
  }

  @Test
  void allowsNothingOfWhatIsNotRegistered() throws Exception {
    keystone.register("image_count_total", -1);

    assertThat(of("a").most(Resource.IMAGE_COUNT_TOTAL)).isEmpty();
    assertThat(of("a").most(Resource.IMAGE_STAGE_TOTAL)).hasValue(0);
  }

  @Test
  void asksOnceForManyAndForAWhile() throws Exception {
    keystone.slowDown(Duration.ofMillis(50));

    Future.all(IntStream.range(0, 100).mapToObj(each -> limits.of("a")).toList())
        .await(20, TimeUnit.SECONDS);
    of("a");

    assertThat(keystone.limitLists()).isEqualTo(1);
  }

  @Test
  void asksAgainWhenTheLimitsAreOld() throws Exception {
    limits = limits(Duration.ZERO);
    keystone.register("image_count_total", 1);
    assertThat(of("a").most(Resource.IMAGE_COUNT_TOTAL)).hasValue(1);

    keystone.register("image_count_total", 2);

    TestingConditions.await(
        () -> of("a").most(Resource.IMAGE_COUNT_TOTAL), limit -> limit.equals(OptionalLong.of(2)));
  }

  @Test
  void getsANewTokenWhenItsOwnIsRefused() throws Exception {
    of("a");
    keystone.revokeServices();

    of("b");

    assertThat(keystone.logins()).isEqualTo(2);
  }

  @Test
  void isUnavailableWhileKeystoneIs() throws Exception {
    keystone.failWith(503);
    var failed = limits.of("a").transform(Future::succeededFuture).await(20, TimeUnit.SECONDS);
    keystone.failWith(0);

    assertThat(failed.cause())
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.Unavailable.class));
    TestingConditions.await(
        () -> limits.of("a").transform(Future::succeededFuture).await(20, TimeUnit.SECONDS),
        AsyncResult::succeeded);
  }
}
