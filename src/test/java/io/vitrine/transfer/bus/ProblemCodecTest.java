package io.vitrine.transfer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemCodecTest {
  static Stream<Problem> problems() {
    return Stream.of(
        new Problem.Invalid("invalid \"é\""),
        new Problem.Unauthenticated("who"),
        new Problem.Forbidden("no"),
        new Problem.NotFound("where"),
        new Problem.Conflict("late"),
        new Problem.Locked("busy"),
        new Problem.ChecksumMismatch("other"),
        new Problem.Gone("gone"),
        new Problem.TooLarge("large"),
        new Problem.Full("full"),
        new Problem.UnsupportedContent("qed"),
        new Problem.OutOfRange("outside", 1L << 40),
        new Problem.Interrupted("cut"),
        new Problem.Stalled("slow"),
        new Problem.Missing("nowhere"),
        new Problem.Damaged("rotten"),
        new Problem.Unavailable("later"),
        new Problem.Unreachable("away"),
        new Problem.NotOffered("never"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void problemsComeBackAsTheyWent(Problem problem) {
    var reply = ProblemCodec.toReply(new ProblemException(problem));

    assertThat(ProblemCodec.toProblem(reply)).isEqualTo(problem);
    assertThat(ProblemCodec.unwrap(reply))
        .isInstanceOfSatisfying(
            ProblemException.class, it -> assertThat(it.problem()).isEqualTo(problem));
  }

  @Test
  void everyProblemIsTested() {
    assertThat(problems().map(problem -> problem.getClass().getSimpleName()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Problem.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }

  @Test
  void defectsKeepTheirMessageToThemselves() {
    var reply = ProblemCodec.toReply(new IllegalStateException("/srv/secret"));

    assertThat(reply.getMessage()).doesNotContain("secret");
    assertThat(ProblemCodec.toProblem(reply)).isInstanceOf(Problem.Unavailable.class);
  }

  @ParameterizedTest
  @EnumSource
  void lostPeersAreUnavailable(ReplyFailure failure) {
    var reply = new ReplyException(failure, 500, "No handlers for address store.a.write");

    assertThat(ProblemCodec.toProblem(reply)).isInstanceOf(Problem.Unavailable.class);
    assertThat(ProblemCodec.unwrap(reply)).hasMessageNotContaining("store.a");
  }

  @Test
  void otherFailuresStayWhatTheyAre() {
    var failure = new IllegalStateException();

    assertThat(ProblemCodec.unwrap(failure)).isSameAs(failure);
  }
}
