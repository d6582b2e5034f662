package io.vitrine.image.problem;

import static io.vitrine.image.problem.ProblemException.invalid;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CausesTest {
  private final ProblemException verdict = invalid("The data is wrong.");

  @Test
  void takesAVerdictOutOfAllThatWrapsIt() {
    assertThat(Causes.bare(new CompletionException(new ExecutionException(verdict))))
        .isSameAs(verdict);
    assertThat(Causes.bare(verdict)).isSameAs(verdict);
  }

  @Test
  void takesAVerdictOutOfAStageThatWrapsIt() {
    var done = new CompletableFuture<String>();
    var seen = new AtomicReference<Throwable>();
    var _ = done.minimalCompletionStage().whenComplete((text, failure) -> seen.set(failure));

    done.completeExceptionally(verdict);

    assertThat(seen.get()).isNotSameAs(verdict);
    assertThat(Causes.bare(seen.get())).isSameAs(verdict);
  }

  @Test
  void keepsWhatSaysSomethingOfItsOwn() {
    var failure = new IOException("the disk", new IllegalStateException("deeper"));
    assertThat(Causes.bare(failure)).isSameAs(failure);
    var empty = new CompletionException("nothing inside", null);
    assertThat(Causes.bare(empty)).isSameAs(empty);
  }
}
