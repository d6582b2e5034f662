package io.vitrine.api.filter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** One connection of HTTP/2 on which a test writes the frames that it likes (RFC 9113). */
public final class RawHttp2 implements AutoCloseable {
  public static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int PRIORITY = 0x20;
  private static final int DATA = 0;
  private static final int END_OF_STREAM = 1;
  private static final int END_OF_HEADERS = 4;
  private static final int END_OF_HEADERS_AND_STREAM = 5;
  private static final int READ_TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final DataInputStream input;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

  /** The head of an answer. */
  public record Head(int stream, Http2Headers fields) {
    public int status() {
      return Integer.parseInt(fields.status().toString());
    }

    public String field(String name) {
      return String.valueOf(fields.get(name));
    }
  }

  /** A frame as it came. */
  public record Frame(int type, int stream, Buffer payload) {
    /** Whether these are headers that begin with a status of the static table (RFC 7541). */
    boolean hasStatus(int status) {
      int index =
          switch (status) {
            case 200 -> 8;
            case 400 -> 12;
            default -> throw new IllegalArgumentException("not in the table: " + status);
          };
      return type == HEADERS && payload.getByte(0) == (byte) (0x80 | index);
    }
  }

  /** Connects; each stream may be sent so many bytes. */
  public RawHttp2(int port, int window) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    input = new DataInputStream(socket.getInputStream());
    socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    var setting = ByteBuffer.allocate(6).putShort((short) INITIAL_WINDOW_SIZE).putInt(window);
    send(SETTINGS, 0, 0, setting.array());
  }

  /** Sends a request without a body; headers are names and values in turns. */
  public RawHttp2 call(int stream, String method, String path, String... headers)
      throws IOException {
    send(HEADERS, END_OF_HEADERS_AND_STREAM, stream, head(method, path, headers));
    return this;
  }

  RawHttp2 get(int stream, String path, String... headers) throws IOException {
    return call(stream, "GET", path, headers);
  }

  /** Sends the head of a request whose body follows. */
  public RawHttp2 begin(int stream, String method, String path, String... headers)
      throws IOException {
    send(HEADERS, END_OF_HEADERS, stream, head(method, path, headers));
    return this;
  }

  /** Sends the last of a body, no more than fits a frame. */
  public RawHttp2 finish(int stream, byte[] data) throws IOException {
    send(DATA, END_OF_STREAM, stream, data);
    return this;
  }

  private static byte[] head(String method, String path, String... headers) {
    var block = new ByteArrayOutputStream();
    literal(block, ":method", method);
    literal(block, ":scheme", "http");
    literal(block, ":path", path);
    literal(block, ":authority", "test");
    for (int i = 0; i < headers.length; i += 2) {
      literal(block, headers[i], headers[i + 1]);
    }
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(ISO_8859_1));
    block.write(value.length());
    block.writeBytes(value.getBytes(ISO_8859_1));
  }

  private void send(int type, int flags, int stream, byte[] payload) throws IOException {
    var frame =
        ByteBuffer.allocate(9 + payload.length)
            .putShort((short) (payload.length >> 8))
            .put((byte) payload.length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream)
            .put(payload);
    socket.getOutputStream().write(frame.array());
  }

  /** Reads the next frame that belongs to a stream. */
  public Frame read() throws IOException {
    for (; ; ) {
      int length = input.readUnsignedShort() << 8 | input.readUnsignedByte();
      int type = input.readUnsignedByte();
      int flags = input.readUnsignedByte();
      int stream = input.readInt();
      var payload = input.readNBytes(length);
      if (stream != 0) {
        boolean hasPriority = type == HEADERS && (flags & PRIORITY) != 0;
        return new Frame(
            type, stream, Buffer.buffer(payload).slice(hasPriority ? 5 : 0, payload.length));
      }
    }
  }

  /** Reads up to the next head of an answer; to be used for all of them. */
  public Head readHead() throws IOException {
    var frame = read();
    while (frame.type() != HEADERS) {
      frame = read();
    }
    var block = Unpooled.wrappedBuffer(frame.payload().getBytes());
    try {
      return new Head(frame.stream(), decoder.decodeHeaders(frame.stream(), block));
    } catch (Http2Exception malformed) {
      throw new IOException(malformed);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
