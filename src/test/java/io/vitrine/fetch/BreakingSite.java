package io.vitrine.fetch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A file on a server that knows ranges and breaks each connection after some bytes. */
public final class BreakingSite {
  private final byte[] file;
  private final int bytesPerConnection;
  private final String head;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /**
   * A file.
   *
   * @param head headers of all answers, each with its line's end
   */
  public BreakingSite(byte[] file, int bytesPerConnection, String head) {
    this.file = file;
    this.bytesPerConnection = bytesPerConnection;
    this.head = head;
  }

  /** Puts the file on a server. */
  public String on(TestingSource source) {
    return source.serve(this::answer);
  }

  /** The ranges and conditions of the requests so far, such as {@code bytes=4- "v1"}. */
  public List<String> asked() {
    return asked;
  }

  private void answer(Map<String, String> headers, OutputStream client) throws IOException {
    var range = headers.get("range");
    asked.add(range + " " + headers.get("if-range"));
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    var status =
        range == null
            ? "200 OK\r\n"
            : "206 Partial Content\r\nContent-Range: bytes %d-%d/%d\r\n"
                .formatted(from, file.length - 1, file.length);
    client.write(
        "HTTP/1.1 %s%sContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(status, head, file.length - from)
            .getBytes(US_ASCII));
    client.write(file, from, Math.min(bytesPerConnection, file.length - from));
    client.flush();
  }
}
