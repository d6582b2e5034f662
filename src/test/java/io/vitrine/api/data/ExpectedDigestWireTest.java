package io.vitrine.api.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.fetch.BreakingSite;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Digests that users give beforehand, of data that they send or have fetched. */
@ExtendWith(SharedServer.class)
class ExpectedDigestWireTest {
  private static final byte[] DATA = UploadWireTest.data(3 << 20);

  private final TestingServer server;
  private final TestingSource source;
  private final TestingApi api;
  private final Set<Path> before;

  ExpectedDigestWireTest(TestingServer server, TestingSource source) {
    this.server = server;
    this.source = source;
    this.api = new TestingApi(server.port());
    this.before = Set.copyOf(server.blobs());
  }

  private static byte[] digest(String algorithm, byte[] data) throws Exception {
    return MessageDigest.getInstance(algorithm).digest(data);
  }

  private static String claim(String algorithm, byte[] data) throws Exception {
    var hex = HexFormat.of().formatHex(digest(algorithm, data));
    return algorithm.replace("-", "").toLowerCase(Locale.ROOT) + ":" + hex;
  }

  private static String field(String name, String algorithm, byte[] data) throws Exception {
    return name + "=:" + Base64.getEncoder().encodeToString(digest(algorithm, data)) + ":";
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA-256", "SHA-512", "MD5"})
  void takesDataThatHashesToWhatIsExpected(String algorithm) throws Exception {
    var plain = api.create();
    var standard = api.create();
    var value = field(algorithm.toLowerCase(Locale.ROOT), algorithm, DATA);

    var first = api.upload(plain, DATA, "X-OpenStack-Image-Digest", claim(algorithm, DATA));
    var second =
        api.upload(
            standard, DATA, "Repr-Digest", "crc32c=:AAAAAA==:, " + value, "Content-Digest", value);

    assertThat(first.statusCode()).as(first.body()).isEqualTo(204);
    assertThat(second.statusCode()).as(second.body()).isEqualTo(204);
    assertThat(api.download(standard).body()).isEqualTo(DATA);
  }

  @ParameterizedTest
  @CsvSource({
    "SHA-256, X-OpenStack-Image-Digest, file",
    "SHA-512, X-OpenStack-Image-Digest, file",
    "MD5,     X-OpenStack-Image-Digest, stage",
    "SHA-256, Repr-Digest,              file",
    "SHA-512, Content-Digest,           stage"
  })
  void refusesDataThatHashesToSomethingElse(String algorithm, String header, String target)
      throws Exception {
    var id = api.create();
    var other = new byte[] {1};
    var value =
        header.startsWith("X-")
            ? claim(algorithm, other)
            : field(algorithm.toLowerCase(Locale.ROOT), algorithm, other);

    var answer = put(id, target, header, value);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("expected", claim(algorithm, DATA).replaceAll(".*:", ""));
    var image = api.image(id);
    assertThat(image.getString("status")).isEqualTo("queued");
    assertThat(image.getLong("size")).isNull();
    assertNothingLeft();
    assertThat(api.upload(id, DATA).statusCode()).isEqualTo(204);
  }

  private HttpResponse<String> put(String id, String target, String header, String value)
      throws Exception {
    return api.send(
        "PUT",
        "/v2/images/" + id + "/" + target,
        BodyPublishers.ofByteArray(DATA),
        "Content-Type",
        "application/octet-stream",
        header,
        value);
  }

  private void assertNothingLeft() {
    TestingConditions.await(
        () -> server.blobs().stream().filter(blob -> !before.contains(blob)).toList(),
        List::isEmpty);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-OpenStack-Image-Digest | sha256",
        "X-OpenStack-Image-Digest | sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "X-OpenStack-Image-Digest | sha384:38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
        "X-OpenStack-Image-Digest | sha3-256:a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
        "X-OpenStack-Image-Digest | sha256:00",
        "X-OpenStack-Image-Digest | md5:zz8cd98f00b204e9800998ecf8427e00",
        "Repr-Digest | sha-256=abc",
        "Repr-Digest | sha-256=:abc:",
        "Repr-Digest | sha-256=:AAAA:",
        "Repr-Digest | sha-256=:",
        "Repr-Digest | ,",
        "Content-Digest | crc32c=:AAAAAA==:",
        "Content-Digest | sha-384=:AAAA:",
        "Content-Digest | sha-256"
      })
  void saysHowAnExpectedDigestIsToBeWritten(String header, String value) throws Exception {
    var id = api.create();

    var answer = put(id, "file", header, value);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains(header, "sha", "md5");
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  private HttpResponse<String> submit(String id, JsonObject method) throws Exception {
    return api.post("/v2/images/" + id + "/import", new JsonObject().put("method", method));
  }

  private static JsonObject web(String uri, Object digest) {
    return new JsonObject().put("name", "web-download").put("uri", uri).put("digest", digest);
  }

  private JsonObject ended(String id) {
    return TestingConditions.await(
        () -> api.task(id), task -> task.getString("expires_at") != null);
  }

  @Test
  void verifiesWhatItFetchesOverSeveralConnections() throws Exception {
    var id = api.create();
    var site = new BreakingSite(DATA, 2 << 20, "ETag: \"v1\"\r\n");
    var digest = claim("SHA-256", DATA);

    var answer = submit(id, web(site.on(source), digest));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    var task = ended(id);
    assertThat(task.getString("status")).as(task.getString("message")).isEqualTo("success");
    assertThat(site.asked()).hasSize(2);
    assertThat(
            task.getJsonObject("input")
                .getJsonObject("import_req")
                .getJsonObject("method")
                .getString("digest"))
        .isEqualTo(digest);
    assertThat(api.download(id).body()).isEqualTo(DATA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA-256", "SHA-512", "MD5"})
  void failsAnImportOfOtherDataThanExpected(String algorithm) throws Exception {
    var fetched = api.create();
    var staged = api.create();
    assertThat(put(staged, "stage", "X-OpenStack-Image-Digest", claim("MD5", DATA)).statusCode())
        .isEqualTo(204);
    var wrong = claim(algorithm, new byte[0]);

    assertThat(submit(fetched, web(source.serve(DATA), wrong)).statusCode()).isEqualTo(202);
    assertThat(submit(staged, direct(wrong)).statusCode()).isEqualTo(202);

    for (var id : List.of(fetched, staged)) {
      var task = ended(id);
      assertThat(task.getString("status")).isEqualTo("failure");
      assertThat(task.getString("message"))
          .contains("expected", claim(algorithm, DATA).replaceAll(".*:", ""));
      assertThat(api.image(id).getString("status")).isEqualTo("queued");
    }
    assertNothingLeft();
  }

  private static JsonObject direct(Object digest) {
    return new JsonObject().put("name", "glance-direct").put("digest", digest);
  }

  @Test
  void importsStagedDataThatIsWhatIsExpected() throws Exception {
    var id = api.create();
    assertThat(api.stage(id, DATA).statusCode()).isEqualTo(204);

    assertThat(submit(id, direct(claim("SHA-512", DATA))).statusCode()).isEqualTo(202);

    var task = ended(id);
    assertThat(task.getString("status")).as(task.getString("message")).isEqualTo("success");
    assertThat(api.download(id).body()).isEqualTo(DATA);
  }

  @Test
  void refusesImportsWithDigestsThatMeanNothing() throws Exception {
    var id = api.create();
    var uri = source.serve("data".getBytes(UTF_8));
    var copy = new JsonObject().put("name", "copy-image").put("digest", claim("MD5", DATA));

    assertThat(submit(id, web(uri, "sha256:00")).body()).contains("sha256, sha512 or md5");
    assertThat(submit(id, web(uri, "sha256:00")).statusCode()).isEqualTo(400);
    assertThat(submit(id, web(uri, 5)).statusCode()).isEqualTo(400);
    assertThat(submit(id, copy).statusCode()).isEqualTo(400);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }
}
