package io.vitrine.api.console;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the console in memory, where all requests share it.
 *
 * @param type its media type
 * @param plain its bytes
 * @param gzip the same, compressed
 */
record ConsoleFile(String type, Buffer plain, Buffer gzip) {
  /** A text file; the extension of its name tells the type. */
  static ConsoleFile of(String name, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return new ConsoleFile(type(name), Buffer.buffer(bytes), Buffer.buffer(compressed(bytes)));
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=UTF-8";
      case "js" -> "text/javascript; charset=UTF-8";
      case "css" -> "text/css; charset=UTF-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException("a file of an unknown type: " + name);
    };
  }

  private static byte[] compressed(byte[] bytes) {
    var compressed = new ByteArrayOutputStream(bytes.length / 2);
    try (var gzip = new BestGzip(compressed)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return compressed.toByteArray();
  }

  /** Files are compressed once, and sent often. */
  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(ByteArrayOutputStream target) throws IOException {
      super(target);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
