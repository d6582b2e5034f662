package io.vitrine.importer.run;

import static io.vitrine.image.problem.ProblemException.full;
import static io.vitrine.image.problem.ProblemException.gone;
import static io.vitrine.image.problem.ProblemException.interrupted;
import static io.vitrine.image.problem.ProblemException.unavailable;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.run.Failure.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Only a fault of the data or the request ends a task. */
class FailureTest {
  static Throwable[] faultsOfTheService() {
    return new Throwable[] {
      new IOException("Connection reset by peer"),
      new UncheckedIOException(new IOException("No space left on device")),
      new TimeoutException(),
      new InterruptedException(),
      new RejectedExecutionException(),
      new VertxException("Connection is closed", true),
      new ConnectionPoolTooBusyException("Connection pool reached max wait queue size"),
      unavailable("The store does not answer."),
      interrupted("The transfer was cancelled."),
      full("There is not enough free space in the store."),
    };
  }

  @ParameterizedTest
  @MethodSource("faultsOfTheService")
  void handsBackWithoutBlame(Throwable fault) {
    assertThat(Failure.of(fault).kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(Failure.of(new CompletionException(fault)).kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(Failure.isDefect(fault)).isFalse();
  }

  static Problem[] permanentFaults() {
    return new Problem[] {
      new Problem.Invalid("x"),
      new Problem.UnsupportedContent("x"),
      new Problem.TooLarge("x"),
      new Problem.Conflict("x"),
      new Problem.NotOffered("x"),
      new Problem.Forbidden("x"),
    };
  }

  @ParameterizedTest
  @MethodSource("permanentFaults")
  void endsTheTaskByAPermanentFailureWhateverWrapsIt(Problem fault) {
    var wrapped = new CompletionException(new ProblemException(fault));
    assertThat(Failure.of(wrapped)).isEqualTo(new Failure(Kind.PERMANENT, "x"));
  }

  @Test
  void countsDefectsAndWhatTheUserHasNamed() {
    assertThat(Failure.of(new NullPointerException()).kind()).isEqualTo(Kind.COUNTED);
    assertThat(Failure.of(new StackOverflowError()).kind()).isEqualTo(Kind.COUNTED);
    assertThat(Failure.isDefect(new NullPointerException())).isTrue();
    var silent = unavailable("The server does not answer.");
    assertThat(Failure.of(SourceFailure.ofSource(silent)))
        .isEqualTo(new Failure(Kind.COUNTED, "The server does not answer."));
  }

  @Test
  void takesALackOfMemoryForACrash() {
    assertThat(Failure.of(new OutOfMemoryError()).kind()).isEqualTo(Kind.CRASH);
  }

  @Test
  void tellsALostLeaseAndAWorkerThatStopsApart() {
    assertThat(Failure.of(gone("x")).kind()).isEqualTo(Kind.GONE);
    assertThat(Failure.ofStopped(new Problem.Interrupted("x")).kind()).isEqualTo(Kind.STOPPING);
  }
}
