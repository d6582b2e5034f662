package io.vitrine.app.training;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * The client of a {@link Training}: as little code as possible, so that the training is the
 * server's.
 */
final class TrainingClient {
  private static final int DEADLINE_MILLIS = (int) Duration.ofMinutes(2).toMillis();

  /** How much of an answer is looked at; all JSON is shorter. */
  private static final int KEPT = 1 << 20;

  private static final int POLLS = 1200;
  private static final int POLL_MILLIS = 100;
  private static final String JSON = "application/json";

  private final int port;

  TrainingClient(int port) {
    this.port = port;
  }

  /** Sends a body of a request. */
  @FunctionalInterface
  private interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Creates an image and returns its ID. */
  String create(String diskFormat) throws IOException {
    var fields =
        new JsonObject()
            .put("name", "training")
            .put("disk_format", diskFormat)
            .put("container_format", "bare");
    return new JsonObject(send("POST /v2/images", JSON, fields.encode())).getString("id");
  }

  /** Sends the same block several times, with a length or in chunks. */
  void upload(String image, String target, byte[] block, int times, boolean chunked)
      throws IOException {
    var length =
        chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + (long) block.length * times;
    exchange(
        "PUT /v2/images/%s/%s".formatted(image, target),
        "Content-Type: application/octet-stream\r\n" + length,
        out -> {
          for (int sent = 0; sent < times; sent++) {
            out.write(chunked ? ascii("%x\r\n".formatted(block.length)) : new byte[0]);
            out.write(block);
            out.write(ascii(chunked ? "\r\n" : ""));
          }
          out.write(ascii(chunked ? "0\r\n\r\n" : ""));
        });
  }

  /** Imports what was staged. */
  void importStaged(String image) throws IOException {
    send(
        "POST /v2/images/" + image + "/import",
        JSON,
        "{\"method\": {\"name\": \"glance-direct\"}}");
  }

  void awaitActive(String image) throws IOException, InterruptedException {
    for (int poll = 0; poll < POLLS; poll++) {
      if (new JsonObject(get("/v2/images/" + image)).getString("status").equals("active")) {
        return;
      }
      Thread.sleep(POLL_MILLIS);
    }
    throw new IOException("the import does not end");
  }

  /** Adds a property. */
  void patch(String image, String property, String value) throws IOException {
    var change =
        "[{\"op\": \"add\", \"path\": \"/%s\", \"value\": \"%s\"}]".formatted(property, value);
    send("PATCH /v2/images/" + image, "application/openstack-images-v2.1-json-patch", change);
  }

  String get(String path) throws IOException {
    return exchange("GET " + path, "Accept: */*", out -> {});
  }

  void delete(String image) throws IOException {
    exchange("DELETE /v2/images/" + image, "Accept: */*", out -> {});
  }

  private String send(String request, String type, String body) throws IOException {
    var bytes = ascii(body);
    return exchange(
        request,
        "Content-Type: %s\r\nContent-Length: %d".formatted(type, bytes.length),
        out -> out.write(bytes));
  }

  private String exchange(String request, String headers, Body body) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(DEADLINE_MILLIS);
      var out = socket.getOutputStream();
      out.write(ascii(request + " HTTP/1.1\r\nHost: training\r\nConnection: close\r\n" + headers));
      out.write(ascii("\r\n\r\n"));
      body.writeTo(out);
      out.flush();
      var in = socket.getInputStream();
      var answer = new String(in.readNBytes(KEPT), ISO_8859_1);
      in.transferTo(OutputStream.nullOutputStream());
      if (!answer.startsWith("HTTP/1.1 2")) {
        throw new IOException(request + ": " + answer.lines().findFirst().orElse("no answer"));
      }
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
