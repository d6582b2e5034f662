package io.vitrine.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.images.TestingQuery;
import io.vitrine.image.ImageId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinksTest {
  private static final ImageId LAST =
      ImageId.parse("71c675ab-d94f-49cd-a114-e12490b328d9").orElseThrow();

  @ParameterizedTest
  @CsvSource({
    "'', /v2/images, /v2/images?",
    "limit=2, /v2/images?limit=2, /v2/images?limit=2&",
    "tag=a&tag=b, /v2/images?tag=a&tag=b, /v2/images?tag=a&tag=b&",
    "limit=2&marker=x, /v2/images?limit=2, /v2/images?limit=2&",
    "marker=x, /v2/images, /v2/images?",
    "name=a%26b%3Dc, /v2/images?name=a%26b%3Dc, /v2/images?name=a%26b%3Dc&",
    "n%C3%A4me=%C3%A9, /v2/images?n%C3%A4me=%C3%A9, /v2/images?n%C3%A4me=%C3%A9&",
    "name=, /v2/images?name=, /v2/images?name=&"
  })
  void keepTheQuery(String query, String first, String next) {
    var parameters = TestingQuery.parameters(query);

    assertThat(Links.first(parameters)).isEqualTo(first);
    assertThat(Links.next(parameters, LAST))
        .isEqualTo(next + "marker=71c675ab-d94f-49cd-a114-e12490b328d9");
  }
}
