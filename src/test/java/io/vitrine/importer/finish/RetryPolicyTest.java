package io.vitrine.importer.finish;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.LocationTask;
import io.vitrine.image.task.TaskHead;
import io.vitrine.image.task.TaskLease;
import io.vitrine.importer.TestingImports;
import io.vitrine.importer.TestingWorker;
import io.vitrine.importer.finish.RetryPolicy.Decision;
import io.vitrine.importer.run.Failure;
import io.vitrine.net.address.Url;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
  private static final Url URL = Url.parse("http://example.org/");
  private static final ImportMethod WEB = new ImportMethod.WebDownload(URL, Optional.empty());
  private static final ImportMethod DIRECT = new ImportMethod.GlanceDirect(Optional.empty());

  private final RetryPolicy policy =
      new RetryPolicy(new RetryConfig(3, 10, Duration.ofHours(1)), Duration.ofMinutes(5));

  /** Minutes that the service was at fault, and that the node of the data was away. */
  @ParameterizedTest
  @CsvSource({
    "PERMANENT,    1,   0,  0, FAIL",
    "COUNTED,      1,   0,  0, RETRY",
    "COUNTED,      2,   0,  0, RETRY",
    "COUNTED,      3,   0,  0, FAIL",
    "CRASH,        3,   0,  0, CRASHED",
    "TRANSIENT,    3,   0,  0, SET_BACK",
    "TRANSIENT,    3,  60,  0, SET_BACK",
    "TRANSIENT,    1,  61,  0, FAIL",
    "UNREACHABLE,  3,   0,  5, POSTPONE",
    "UNREACHABLE,  2,   0,  6, START_OVER",
    "UNREACHABLE,  3,   0,  6, FAIL",
    "STAGING_LOST, 2,   0,  0, START_OVER",
    "STAGING_LOST, 3,   0,  0, FAIL",
    "STOPPING,     3, 999, 99, RELEASE",
    "GONE,         3, 999, 99, SET_BACK",
  })
  void decidesByTheFailureAndItsHistory(
      Failure.Kind kind, int attempt, long setbackMinutes, long awayMinutes, Decision expected) {
    var task = new TestingImports(WEB).head(head(attempt, setbackMinutes, awayMinutes)).task();

    assertThat(policy.decide(task, new Failure(kind, "x"))).isEqualTo(expected);
  }

  @Test
  void startsNothingOverThatOnlyTheUserCanSendAgain() {
    var task = new TestingImports(DIRECT).head(head(1, 0, 6)).task();

    assertThat(policy.decide(task, new Failure(Failure.Kind.STAGING_LOST, "x")))
        .isEqualTo(Decision.FAIL);
    assertThat(policy.decide(task, new Failure(Failure.Kind.UNREACHABLE, "x")))
        .isEqualTo(Decision.POSTPONE);
  }

  @Test
  void startsNothingOverOnceAStoreHasTheData() {
    var copy =
        new BlobRef(
            UUID.randomUUID(),
            TestingImports.image().id(),
            BlobRef.Purpose.IMAGE,
            new BlobRef.Place("a", TestingWorker.NODE));
    var task = new TestingImports(WEB).copies(copy).head(head(1, 0, 6)).task();

    assertThat(policy.decide(task, new Failure(Failure.Kind.STAGING_LOST, "x")))
        .isEqualTo(Decision.FAIL);
  }

  @Test
  void retriesTheCheckOfALocationLikeAnImport() {
    var task = new LocationTask(head(1, 0, 0), URL, Optional.empty(), List.of());

    assertThat(policy.decide(task, new Failure(Failure.Kind.COUNTED, "x")))
        .isEqualTo(Decision.RETRY);
    assertThat(policy.decide(task, new Failure(Failure.Kind.PERMANENT, "x")))
        .isEqualTo(Decision.FAIL);
  }

  private static TaskHead head(int attempt, long setbackMinutes, long awayMinutes) {
    var lease =
        new TaskLease(
            1, 0, false, Duration.ofMinutes(setbackMinutes), Duration.ofMinutes(awayMinutes));
    return new TaskHead(
        UUID.randomUUID(), TestingImports.image(), "a", attempt, lease, Optional.empty());
  }
}
