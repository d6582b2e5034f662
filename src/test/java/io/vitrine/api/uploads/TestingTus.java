package io.vitrine.api.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A client of the tus protocol, written after its specification. */
final class TestingTus {
  static final String PART = "application/offset+octet-stream";

  private final int port;
  final TestingApi api;

  TestingTus(int port) {
    this(port, new TestingApi(port));
  }

  /** A client of its own rights, which sends whole requests only. */
  TestingTus(TestingApi api) {
    this(0, api);
  }

  private TestingTus(int port, TestingApi api) {
    this.port = port;
    this.api = api;
  }

  HttpResponse<String> send(String method, String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("Tus-Resumable", "1.0.0"));
    all.addAll(List.of(headers));
    return api.send(
        method,
        path,
        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body),
        all.toArray(String[]::new));
  }

  /** Asks for an upload for an image. */
  HttpResponse<String> create(String image, String... headers)
      throws IOException, InterruptedException {
    return send("POST", "/vitrine/v1/images/" + image + "/uploads", new byte[0], headers);
  }

  /** Begins an upload of so many bytes; answers its path. */
  String begin(String image, long length, String... headers)
      throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("Upload-Length", String.valueOf(length)));
    all.addAll(List.of(headers));
    return location(create(image, all.toArray(String[]::new)));
  }

  /** Sends a part whole; answers its path. */
  String sendPart(String image, byte[] data, String... headers)
      throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("Upload-Concat", "partial"));
    all.addAll(List.of(headers));
    var part = begin(image, data.length, all.toArray(String[]::new));
    if (data.length > 0) {
      var answer = patch(part, 0, data);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }
    return part;
  }

  /** Asks to join parts. */
  HttpResponse<String> join(String image, List<String> parts, String... headers)
      throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("Upload-Concat", "final;" + String.join(" ", parts)));
    all.addAll(List.of(headers));
    return create(image, all.toArray(String[]::new));
  }

  static String location(HttpResponse<String> created) {
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return URI.create(header(created, "Location")).getPath();
  }

  static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("none");
  }

  HttpResponse<String> patch(String upload, long offset, byte[] data, String... headers)
      throws IOException, InterruptedException {
    var all =
        new ArrayList<>(List.of("Upload-Offset", String.valueOf(offset), "Content-Type", PART));
    all.addAll(List.of(headers));
    return send("PATCH", upload, data, all.toArray(String[]::new));
  }

  HttpResponse<String> head(String upload) throws IOException, InterruptedException {
    return send("HEAD", upload, new byte[0]);
  }

  HttpResponse<String> end(String upload) throws IOException, InterruptedException {
    return send("DELETE", upload, new byte[0]);
  }

  /** How many bytes the server has. */
  long offset(String upload) throws IOException, InterruptedException {
    var answer = head(upload);
    assertThat(answer.statusCode()).as(upload).isEqualTo(200);
    return Long.parseLong(header(answer, "Upload-Offset"));
  }

  /** Begins a PATCH whose body is for the caller to send, as much of it as wanted. */
  RawConnection open(String upload, long offset, long length, String... headers)
      throws IOException {
    return request(upload, offset, "Content-Length: " + length, headers);
  }

  /** The same once the server wants to have the body. */
  RawConnection openWanted(String upload, long offset, long length) throws IOException {
    var connection = open(upload, offset, length, "Expect: 100-continue");
    assertThat(connection.readHead().status()).isEqualTo(100);
    return connection;
  }

  /** The same with a body in chunks. */
  RawConnection openChunked(String upload, long offset) throws IOException {
    return request(upload, offset, "Transfer-Encoding: chunked");
  }

  private RawConnection request(String upload, long offset, String framing, String... headers)
      throws IOException {
    return new RawConnection(port)
        .send(
            """
            PATCH %s HTTP/1.1
            Host: test
            Tus-Resumable: 1.0.0
            Upload-Offset: %d
            Content-Type: %s
            %s
            """
                .formatted(upload, offset, PART, framing)
                .replace("\n", "\r\n"))
        .send(String.join("", List.of(headers).stream().map(each -> each + "\r\n").toList()))
        .send("\r\n");
  }

  static String metadata(String key, String value) {
    return key + " " + Base64.getEncoder().encodeToString(value.getBytes(UTF_8));
  }
}
