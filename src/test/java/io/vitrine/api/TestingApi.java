package io.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** A well-behaved client of the Image API, which holds answers to the OpenAPI document. */
public final class TestingApi {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  public static final String PATCH_TYPE = "application/openstack-images-v2.1-json-patch";

  private final int port;
  private final String[] headers;

  /**
   * A client of the server on a port of this machine; it sends headers, names and values in turns,
   * with every request.
   */
  public TestingApi(int port, String... headers) {
    this.port = port;
    this.headers = headers;
  }

  HttpRequest.Builder request(String path) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60));
    return headers.length == 0 ? request : request.headers(headers);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var answer = CLIENT.send(request.build(), BodyHandlers.ofString());
    ApiContract.check(answer);
    return answer;
  }

  /** Sends a request without a body; headers are names and values in turns. */
  public HttpResponse<String> call(String method, String path, String... headers)
      throws IOException, InterruptedException {
    return send(method, path, BodyPublishers.noBody(), headers);
  }

  /** Sends a request with a body. */
  public HttpResponse<String> send(
      String method, String path, BodyPublisher body, String... headers)
      throws IOException, InterruptedException {
    var request = request(path).method(method, body);
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  public HttpResponse<String> post(String path, Object json)
      throws IOException, InterruptedException {
    return send("POST", path, BodyPublishers.ofString(json.toString()));
  }

  public HttpResponse<String> patch(String id, JsonArray operations)
      throws IOException, InterruptedException {
    return send(
        "PATCH",
        "/v2/images/" + id,
        BodyPublishers.ofString(operations.encode()),
        "Content-Type",
        PATCH_TYPE);
  }

  /** Creates an image of raw data and answers its id. */
  public String create() throws IOException, InterruptedException {
    return create("raw");
  }

  public String create(String diskFormat) throws IOException, InterruptedException {
    return create(new JsonObject().put("disk_format", diskFormat).put("container_format", "bare"));
  }

  public String create(JsonObject image) throws IOException, InterruptedException {
    var answer = post("/v2/images", image);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return new JsonObject(answer.body()).getString("id");
  }

  /** Creates an image with data and answers its id. */
  public String create(byte[] data) throws IOException, InterruptedException {
    var id = create();
    assertThat(upload(id, data).statusCode()).isEqualTo(204);
    return id;
  }

  /** Uploads data. */
  public HttpResponse<String> upload(String id, byte[] data, String... headers)
      throws IOException, InterruptedException {
    return put("/v2/images/" + id + "/file", data, headers);
  }

  public HttpResponse<String> stage(String id, byte[] data)
      throws IOException, InterruptedException {
    return put("/v2/images/" + id + "/stage", data);
  }

  private HttpResponse<String> put(String path, byte[] data, String... headers)
      throws IOException, InterruptedException {
    var request =
        request(path)
            .PUT(BodyPublishers.ofByteArray(data))
            .header("Content-Type", "application/octet-stream");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  public HttpResponse<byte[]> download(String id, String... headers)
      throws IOException, InterruptedException {
    var request = request("/v2/images/" + id + "/file");
    return CLIENT.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofByteArray());
  }

  public CompletableFuture<HttpResponse<byte[]>> downloadLater(String id) {
    return CLIENT.sendAsync(
        request("/v2/images/" + id + "/file").build(), BodyHandlers.ofByteArray());
  }

  public CompletableFuture<HttpResponse<String>> uploadLater(String id, BodyPublisher data) {
    var request =
        request("/v2/images/" + id + "/file")
            .PUT(data)
            .header("Content-Type", "application/octet-stream");
    return CLIENT.sendAsync(request.build(), BodyHandlers.ofString());
  }

  public byte[] downloadFrom(String id, String preferred) throws IOException, InterruptedException {
    var request = request("/v2/images/" + id + "/file?prefer=" + preferred).build();
    return CLIENT.send(request, BodyHandlers.ofByteArray()).body();
  }

  /** Asks for an import from a URL. */
  public void importFrom(String id, String uri) throws IOException, InterruptedException {
    var method = new JsonObject().put("name", "web-download").put("uri", uri);
    var answer = post("/v2/images/" + id + "/import", new JsonObject().put("method", method));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  /** Asks for an import of what was staged. */
  public HttpResponse<String> importStaged(String id) throws IOException, InterruptedException {
    var method = new JsonObject().put("name", "glance-direct");
    return post("/v2/images/" + id + "/import", new JsonObject().put("method", method));
  }

  /** The image as the API shows it. */
  public JsonObject image(String id) throws IOException, InterruptedException {
    var answer = call("GET", "/v2/images/" + id);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  /** The image's only task. */
  public JsonObject task(String id) throws IOException, InterruptedException {
    var answer = call("GET", "/v2/images/" + id + "/tasks");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var tasks = new JsonObject(answer.body()).getJsonArray("tasks");
    assertThat(tasks).hasSize(1);
    return tasks.getJsonObject(0);
  }

  /** The image once it has the status. */
  public JsonObject await(String id, String status) {
    return await(id, image -> image.getString("status").equals(status));
  }

  /** The image once it is so. */
  public JsonObject await(String id, Predicate<JsonObject> condition) {
    return TestingConditions.await(() -> image(id), condition);
  }

  /** Requires that the image has the data, by its digests too. */
  public void assertHasData(String id, byte[] data) throws Exception {
    var image = image(id);
    assertThat(image.getString("status")).isEqualTo("active");
    assertThat(image.getLong("size")).isEqualTo(data.length);
    assertThat(image.getString("checksum")).isEqualTo(digest("MD5", data));
    assertThat(image.getString("os_hash_algo")).isEqualTo("sha512");
    assertThat(image.getString("os_hash_value")).isEqualTo(digest("SHA-512", data));
    var stored = download(id);
    assertThat(stored.statusCode()).isEqualTo(200);
    assertThat(Arrays.equals(stored.body(), data)).isTrue();
  }

  /** The digest as the API shows it. */
  public static String digest(String algorithm, byte[] data) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(data));
  }
}
