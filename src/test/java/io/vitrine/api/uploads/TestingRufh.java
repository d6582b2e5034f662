package io.vitrine.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.RawConnection;
import io.vitrine.api.RawConnection.Answer;
import io.vitrine.api.TestingApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A client of draft-ietf-httpbis-resumable-upload, written after its text. */
final class TestingRufh {
  static final String PART = "application/partial-upload";
  static final String VERSION = "Upload-Draft-Interop-Version: 8";

  final TestingApi api;
  private final int port;

  TestingRufh(int port) {
    this.port = port;
    this.api = new TestingApi(port);
  }

  /** A client of its own rights, which opens no connections itself. */
  TestingRufh(TestingApi api) {
    this.port = 0;
    this.api = api;
  }

  static byte[] part(byte[] data, long from, long to) {
    return Arrays.copyOfRange(data, Math.toIntExact(from), Math.toIntExact(to));
  }

  /** Answers to one request: interim ones, and the last. */
  record Answers(List<Answer> interim, Answer last) {
    String field(String name) {
      return last.headers().getOrDefault(name, "none");
    }
  }

  static String path(String image, String kind) {
    return "/v2/images/" + image + "/" + kind;
  }

  /** Sends the head of a request; fields are whole lines. */
  RawConnection open(String method, String path, String type, String... fields) throws IOException {
    var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: test\r\n");
    head.append("Content-Type: ").append(type).append("\r\n");
    for (var field : fields) {
      head.append(field).append("\r\n");
    }
    return new RawConnection(port).send(head + "\r\n");
  }

  RawConnection openPut(String path, long length, String... fields) throws IOException {
    var all = new ArrayList<>(List.of("Content-Length: " + length));
    all.addAll(List.of(fields));
    return open("PUT", path, "application/octet-stream", all.toArray(String[]::new));
  }

  RawConnection openPatch(String upload, long offset, String... fields) throws IOException {
    var all = new ArrayList<>(List.of("Upload-Offset: " + offset));
    all.addAll(List.of(fields));
    return open("PATCH", upload, PART, all.toArray(String[]::new));
  }

  static Answers read(RawConnection connection) throws IOException {
    var interim = new ArrayList<Answer>();
    var head = connection.readHead();
    for (; head.status() < 200; head = connection.readHead()) {
      interim.add(head);
    }
    return new Answers(interim, connection.readBody(head));
  }

  /** The path of the upload that an answer names. */
  static String place(Answer answer) {
    return URI.create(answer.headers().getOrDefault("location", "none")).getPath();
  }

  /** Begins an upload with the first part of its data; answers its path. */
  String begin(String image, String kind, byte[] first, String... headers) throws Exception {
    var all =
        new ArrayList<>(
            List.of("Upload-Complete", "?0", "Content-Type", "application/octet-stream"));
    all.addAll(List.of(headers));
    var created = send("PUT", path(image, kind), first, all.toArray(String[]::new));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(header(created, "Upload-Complete")).isEqualTo("?0");
    return URI.create(header(created, "Location")).getPath();
  }

  HttpResponse<String> send(String method, String path, byte[] body, String... headers)
      throws Exception {
    return api.send(
        method,
        path,
        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body),
        headers);
  }

  HttpResponse<String> patch(
      String upload, long offset, byte[] data, String complete, String... headers)
      throws Exception {
    var all =
        new ArrayList<>(
            List.of(
                "Upload-Offset",
                String.valueOf(offset),
                "Upload-Complete",
                complete,
                "Content-Type",
                PART));
    all.addAll(List.of(headers));
    return send("PATCH", upload, data, all.toArray(String[]::new));
  }

  HttpResponse<String> head(String upload) throws Exception {
    return api.call("HEAD", upload);
  }

  /** Where the upload goes on. */
  long offset(String upload) throws Exception {
    var answer = head(upload);
    assertThat(answer.statusCode()).as(upload).isEqualTo(204);
    return Long.parseLong(header(answer, "Upload-Offset"));
  }

  static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("none");
  }

  /** The image has the data, after an import if it was staged. */
  void assertHasData(String image, String kind, byte[] data) throws Exception {
    if (kind.equals("stage")) {
      assertThat(api.importStaged(image).statusCode()).isEqualTo(202);
      api.await(image, "active");
    }
    api.assertHasData(image, data);
  }
}
