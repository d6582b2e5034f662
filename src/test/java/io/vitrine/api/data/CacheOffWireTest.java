package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server without a cache. */
@ExtendWith(SharedServer.class)
class CacheOffWireTest {
  private final TestingApi without;

  CacheOffWireTest(TestingServer shared) {
    without = new TestingApi(shared.port());
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v2/cache",
    "GET,/v2/cached_images",
    "DELETE,/v2/cached_images/00000000-0000-0000-0000-000000000000",
    "PUT,/v2/queued_images/00000000-0000-0000-0000-000000000000",
    "GET,/v2/cache/nodes/00000000-0000-0000-0000-000000000000",
    "DELETE,/v2/cache",
    "POST,/v2/cache/prune",
    "POST,/v2/cache/clean"
  })
  void answersThatThereIsNone(String method, String path) throws Exception {
    var answer = without.call(method, path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("not supported at this site");
  }

  @Test
  void takesNoImage() throws Exception {
    var answer = without.call("PUT", "/v2/cache/" + without.create(UploadWireTest.data(10)));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("not supported at this site");
  }
}
