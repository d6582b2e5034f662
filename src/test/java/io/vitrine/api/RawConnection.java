package io.vitrine.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One connection on which a test writes and reads what it likes. */
public final class RawConnection implements AutoCloseable {
  private static final int READ_TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream input;

  /** An answer as it came, header names in lower case. */
  public record Answer(int status, Map<String, String> headers, String body) {}

  /** Connects to a port of this machine. */
  public RawConnection(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Takes a connection over. */
  public RawConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    input = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends text, line ends as they are. */
  public RawConnection send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  /** Sends bytes. */
  public RawConnection send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Sends the head of a PUT of data; the headers end with CRLF each. */
  public RawConnection put(String path, String headers) throws IOException {
    return send(
        "PUT %s HTTP/1.1\r\nHost: test\r\nContent-Type: application/octet-stream\r\n%s\r\n"
            .formatted(path, headers));
  }

  /** Sends one chunk (RFC 9112, 7.1); an empty one is the last. */
  public RawConnection chunk(byte[] data) throws IOException {
    return send(Integer.toHexString(data.length) + "\r\n").send(data).send("\r\n");
  }

  /** Reads one answer whole. */
  public Answer read() throws IOException {
    return readBody(readHead());
  }

  /** Reads the rest of an answer. */
  public Answer readBody(Answer head) throws IOException {
    boolean isChunked = "chunked".equalsIgnoreCase(head.headers().get("transfer-encoding"));
    int length = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
    var body = isChunked ? chunks() : readBytes(length);
    return new Answer(head.status(), head.headers(), new String(body, ISO_8859_1));
  }

  /** Reads so many bytes, or fewer if the server closes the connection. */
  public byte[] readBytes(int count) throws IOException {
    return input.readNBytes(count);
  }

  /** Reads the head of an answer, whose body is for the caller to read. */
  public Answer readHead() throws IOException {
    int status = Integer.parseInt(line().split(" ", -1)[1]);
    var headers = new TreeMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      var colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(status, headers, "");
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    for (; ; ) {
      var chunk = input.readNBytes(Integer.parseInt(line(), 16));
      line();
      if (chunk.length == 0) {
        return body.toByteArray();
      }
      body.writeBytes(chunk);
    }
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = input.read(); next != '\n'; next = input.read()) {
      if (next < 0) {
        throw new EOFException("the server has closed the connection");
      }
      line.write(next);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  /** Whether the server closes the connection without sending anything more. */
  public boolean isClosedByServer() {
    try {
      return input.read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Ends the connection as a killed client does, without the usual farewell. */
  public void cut() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
