package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service tells of the digests of data, and how images are found by them. */
@ExtendWith(SharedServer.class)
class DigestsWireTest {
  private final byte[] data = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
  private final TestingSource source;
  private final TestingApi api;

  DigestsWireTest(TestingServer server, TestingSource source) {
    this.source = source;
    this.api = new TestingApi(server.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA-256", "SHA-512", "MD5"})
  void findsImagesByWhatTheirDataHashesTo(String algorithm) throws Exception {
    var uploaded = api.create();
    assertThat(api.upload(uploaded, data).statusCode()).isEqualTo(204);
    var imported = imported();
    var name = algorithm.replace("-", "").toLowerCase(Locale.ROOT);

    assertThat(found(name + ":" + HexFormat.of().formatHex(digest(algorithm))))
        .containsExactlyInAnyOrder(uploaded, imported);
    assertThat(found("sha256:" + "0".repeat(64))).isEmpty();
  }

  @Test
  void tellsTheDigestOfDataAsStandardised() throws Exception {
    var told = "sha-256=:" + Base64.getEncoder().encodeToString(digest("SHA-256")) + ":";
    var uploaded = api.create();
    api.upload(uploaded, data);

    for (var id : List.of(uploaded, imported())) {
      var download = api.download(id);
      assertThat(download.headers().firstValue("Repr-Digest")).hasValue(told);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", "sha256:00", "00"})
  void saysWhichDigestsItKnows(String digest) throws Exception {
    var answer = api.call("GET", "/v2/images?digest=" + digest);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("sha256, sha512 or md5");
  }

  private String imported() throws Exception {
    var id = api.create();
    var method = new JsonObject().put("name", "web-download").put("uri", source.serve(data));
    var answer = api.post("/v2/images/" + id + "/import", new JsonObject().put("method", method));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    var image =
        TestingConditions.await(
            () -> api.image(id), now -> !now.getString("status").equals("importing"));
    assertThat(image.getString("status")).isEqualTo("active");
    return id;
  }

  private List<String> found(String digest) throws Exception {
    var answer = api.call("GET", "/v2/images?digest=" + digest);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body())
        .getJsonArray("images").stream().map(each -> ((JsonObject) each).getString("id")).toList();
  }

  private byte[] digest(String algorithm) throws Exception {
    return MessageDigest.getInstance(algorithm).digest(data);
  }
}
