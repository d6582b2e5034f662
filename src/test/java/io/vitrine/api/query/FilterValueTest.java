package io.vitrine.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.image.problem.ProblemException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterValueTest {
  static Stream<Arguments> values() {
    return Stream.of(
        arguments("", List.of("")),
        arguments("a", List.of("a")),
        arguments("a,b", List.of("a,b")),
        arguments("\"a\"", List.of("\"a\"")),
        arguments("eq:", List.of("")),
        arguments("eq:a,b", List.of("a,b")),
        arguments("eq:in:a", List.of("in:a")),
        arguments("in:a", List.of("a")),
        arguments("in:a,b", List.of("a", "b")),
        arguments("in:a:b,c", List.of("a:b", "c")),
        arguments("in:\"a,b\",c", List.of("a,b", "c")),
        arguments("in:a,\"b,c\"", List.of("a", "b,c")),
        arguments("in:\"a\",\"b\"", List.of("a", "b")),
        arguments("in:\"\"", List.of("")),
        arguments("in:a,,b", List.of("a", "", "b")));
  }

  @ParameterizedTest
  @MethodSource
  void values(String text, List<String> values) {
    assertThat(FilterValue.oneOf("name", text)).isEqualTo(values);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"neq:a", "IN:a", ":a", "http://a", "in:\"a", "in:a\"", "in:a\"b\"", "in:\"a\"b"})
  void refusesOthers(String text) {
    assertThatThrownBy(() -> FilterValue.oneOf("name", text))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("name");
  }
}
