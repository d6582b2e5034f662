package io.vitrine.api.filter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestMeasureTest {
  @ParameterizedTest
  @CsvSource({
    "/v2/images, images",
    "/v2.15/images, images",
    "/prefix/v2/images, images",
    "/v2/images/b2173dd3, image",
    "/v2/images/b2173dd3/file, image_file",
    "/v2/images/b2173dd3/members/x, image_members",
    "/v2/images/b2173dd3/whatever, other",
    "/v2/metadefs/namespaces/x/tags, metadefs",
    "/v2/info/stores/detail, info",
    "/v2/made-up, other",
    "/v2/, other",
    "/, other"
  })
  void knowsRoutesByFewNames(String path, String route) {
    assertThat(RequestMeasure.route(path)).isEqualTo(route);
  }
}
