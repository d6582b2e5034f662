package io.vitrine.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.api.images.TestingQuery;
import io.vitrine.image.ImageQuery.Sort;
import io.vitrine.image.problem.ProblemException;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SortOrderTest {
  @ParameterizedTest
  @CsvSource({
    "'', created_at- id-",
    "sort_dir=asc, created_at+ id+",
    "sort_key=name, name- created_at- id-",
    "sort_key=name&sort_dir=asc, name+ created_at+ id+",
    "sort_key=name&sort_key=size&sort_dir=asc, name+ size+ created_at+ id+",
    "sort_key=name&sort_key=size&sort_dir=asc&sort_dir=desc, name+ size- created_at- id-",
    "sort_key=id&sort_dir=asc, id+ created_at+",
    "sort_key=created_at, created_at- id-",
    "sort_key=name&sort_key=size&sort_key=name&sort_dir=asc, name+ size+ created_at+ id+",
    "'sort=name,name:asc,size,name', name- size- created_at- id-",
    "sort=name, name- created_at- id-",
    "sort=name:asc, name+ created_at+ id+",
    "'sort=status:asc,disk_format', status+ disk_format- created_at- id-",
    "'sort=container_format:desc, updated_at:asc', container_format- updated_at+ created_at- id-"
  })
  void isTotal(String query, String expected) {
    var sorts = SortOrder.parse(TestingQuery.parameters(query.replace(" ", "%20")));

    assertThat(sorts.stream().map(SortOrderTest::text).collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sort_key=",
        "sort_key=owner",
        "sort_key=NAME",
        "sort_dir=up",
        "sort_dir=",
        "sort_key=name&sort_dir=asc&sort_dir=desc",
        "sort_key=name&sort_key=size&sort_key=id&sort_dir=asc&sort_dir=desc",
        "sort_dir=asc&sort_dir=desc",
        "sort=",
        "sort=owner",
        "sort=name:up",
        "sort=name:asc:desc",
        "sort=,",
        "sort=,name",
        "sort=name,",
        "sort=name&sort_key=name",
        "sort=name&sort_dir=asc"
      })
  void refusesOthers(String query) {
    assertThatThrownBy(() -> SortOrder.parse(TestingQuery.parameters(query)))
        .isInstanceOf(ProblemException.class);
  }

  private static String text(Sort sort) {
    return sort.key().name().toLowerCase(Locale.ROOT) + (sort.descending() ? "-" : "+");
  }
}
