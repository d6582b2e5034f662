package io.vitrine.api.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.image.problem.Problem;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemHandlerTest {
  static Stream<Arguments> statuses() {
    return Stream.of(
        arguments(new Problem.Invalid("x"), 400),
        arguments(new Problem.Interrupted("x"), 400),
        arguments(new Problem.Unauthenticated("x"), 401),
        arguments(new Problem.Forbidden("x"), 403),
        arguments(new Problem.NotFound("x"), 404),
        arguments(new Problem.Missing("x"), 404),
        arguments(new Problem.Stalled("x"), 408),
        arguments(new Problem.Conflict("x"), 409),
        arguments(new Problem.Damaged("x"), 409),
        arguments(new Problem.Gone("x"), 410),
        arguments(new Problem.TooLarge("x"), 413),
        arguments(new Problem.Full("x"), 413),
        arguments(new Problem.UnsupportedContent("x"), 415),
        arguments(new Problem.OutOfRange("x", 10), 416),
        arguments(new Problem.Locked("x"), 423),
        arguments(new Problem.ChecksumMismatch("x"), 460),
        arguments(new Problem.NotOffered("x"), 501),
        arguments(new Problem.Unreachable("x"), 503),
        arguments(new Problem.Unavailable("x"), 503));
  }

  @ParameterizedTest
  @MethodSource
  void statuses(Problem problem, int status) {
    assertThat(ProblemHandler.status(problem)).isEqualTo(status);
  }

  @Test
  void everyProblemIsInTheTable() {
    assertThat(statuses().map(row -> row.get()[0].getClass().getSimpleName()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Problem.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }
}
