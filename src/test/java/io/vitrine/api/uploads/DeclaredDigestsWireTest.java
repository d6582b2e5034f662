package io.vitrine.api.uploads;

import static io.vitrine.api.TestingApi.digest;
import static io.vitrine.api.uploads.TestingTus.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Digests that the request which begins an upload declares, whatever goes on with it. */
class DeclaredDigestsWireTest {
  private static final int MIB = 1 << 20;
  private static final byte[] DATA = UploadWireTest.data(3 * MIB + 77);
  private static final byte[] OTHER = UploadWireTest.data(10);
  private static final byte[] NOTHING = {};
  private static final Map<String, String> SETTINGS =
      Map.of("VITRINE_SHUTDOWN__GRACE", "0s", "VITRINE_SCRUB__ENABLED", "false");

  private Path directory = Path.of("");

  @BeforeEach
  void prepare() throws Exception {
    directory = TestingServer.newDirectory();
  }

  @AfterEach
  void clean() throws Exception {
    TestingServer.remove(directory);
  }

  /** What a test does with a server. */
  @FunctionalInterface
  private interface Step<T> {
    T run(TestingTus tus, TestingRufh rufh) throws Exception;
  }

  /** Runs each step with a process of its own, which knows only what the database has. */
  private <T> T inNewProcess(Step<T> step) throws Exception {
    try (var server = TestingServer.start(directory, SETTINGS)) {
      return step.run(new TestingTus(server.port()), new TestingRufh(server.port()));
    }
  }

  private static byte[] part(int from, int to) {
    return Arrays.copyOfRange(DATA, from, to);
  }

  private static String declared(boolean isRight) throws Exception {
    return "sha256:" + digest("SHA-256", isRight ? DATA : OTHER);
  }

  private record Begun(String image, String upload) {}

  private static void assertOutcome(
      TestingRufh rufh, String image, HttpResponse<String> answer, boolean isRight)
      throws Exception {
    if (isRight) {
      assertThat(answer.statusCode()).as(answer.body()).isIn(201, 204);
      rufh.assertHasData(image, "file", DATA);
    } else {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(answer.body())
          .contains("The data does not have the expected sha256 digest: it is ")
          .contains(digest("SHA-256", DATA));
      assertThat(rufh.api.image(image).getString("status")).isEqualTo("queued");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void holdWhenTusGoesOnWithThePutOfTheDraft(boolean isRight) throws Exception {
    var begun =
        inNewProcess(
            (tus, rufh) -> {
              var image = rufh.api.create();
              return new Begun(
                  image,
                  rufh.begin(
                      image,
                      "file",
                      part(0, MIB),
                      "Upload-Length",
                      String.valueOf(DATA.length),
                      "X-OpenStack-Image-Digest",
                      declared(isRight)));
            });
    var path = begun.upload.replaceFirst("/data$", "");

    inNewProcess(
        (tus, rufh) -> {
          var answer = tus.patch(path, MIB, part(MIB, DATA.length));
          assertOutcome(rufh, begun.image, answer, isRight);
          return answer;
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void holdWhenTheDraftGoesOnWithTheCreationOfTus(boolean isRight) throws Exception {
    var begun =
        inNewProcess(
            (tus, rufh) -> {
              var image = tus.api.create();
              var upload =
                  tus.begin(image, DATA.length, "X-OpenStack-Image-Digest", declared(isRight));
              assertThat(tus.patch(upload, 0, part(0, MIB)).statusCode()).isEqualTo(204);
              return new Begun(image, upload);
            });

    inNewProcess(
        (tus, rufh) -> {
          var answer = rufh.patch(begun.upload + "/data", MIB, part(MIB, DATA.length), "?1");
          assertOutcome(rufh, begun.image, answer, isRight);
          return answer;
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void holdForPartsThatAreJoined(boolean isRight) throws Exception {
    inNewProcess(
        (tus, rufh) -> {
          var image = tus.api.create();
          var field = new String[] {"X-OpenStack-Image-Digest", declared(isRight)};
          var parts =
              List.of(
                  tus.sendPart(image, part(0, MIB), field),
                  tus.sendPart(image, part(MIB, DATA.length), field));

          var answer = tus.join(image, parts, field);

          assertOutcome(rufh, image, answer, isRight);
          if (isRight) {
            assertThat(tus.join(image, parts, field).statusCode()).isEqualTo(201);
            assertThat(tus.join(image, parts).statusCode()).isIn(400, 409);
          } else {
            assertThat(tus.join(image, parts).statusCode()).isEqualTo(201);
          }
          return answer;
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void mayBeInTheMetadataOfTus(boolean isRight) throws Exception {
    inNewProcess(
        (tus, rufh) -> {
          var image = tus.api.create();
          var both = metadata("name", "x") + "," + metadata("digests", declared(isRight));
          var upload = tus.begin(image, DATA.length, "Upload-Metadata", both);

          var answer = tus.patch(upload, 0, DATA);

          assertOutcome(rufh, image, answer, isRight);
          return answer;
        });
  }

  @Test
  void tellCreationsApart() throws Exception {
    inNewProcess(
        (tus, rufh) -> {
          var image = tus.api.create();
          var field = new String[] {"X-OpenStack-Image-Digest", declared(true)};
          var upload = tus.begin(image, DATA.length, field);
          assertThat(tus.patch(upload, 0, NOTHING).statusCode()).isEqualTo(204);

          assertThat(tus.begin(image, DATA.length, field)).isEqualTo(upload);
          var other =
              tus.create(
                  image,
                  "Upload-Length",
                  String.valueOf(DATA.length),
                  "X-OpenStack-Image-Digest",
                  declared(false));

          assertThat(other.statusCode()).isEqualTo(409);
          return upload;
        });
  }

  @Test
  void areRefusedUnlessTheyAreDigests() throws Exception {
    inNewProcess(
        (tus, rufh) -> {
          var image = tus.api.create();
          var length = new String[] {"Upload-Length", "10"};

          var field = tus.create(image, length[0], length[1], "X-OpenStack-Image-Digest", "x");
          var value = metadata("digests", "sha256:0");
          var metadata = tus.create(image, length[0], length[1], "Upload-Metadata", value);

          assertThat(field.statusCode()).as(field.body()).isEqualTo(400);
          assertThat(metadata.statusCode()).as(metadata.body()).isEqualTo(400);
          return field;
        });
  }
}
