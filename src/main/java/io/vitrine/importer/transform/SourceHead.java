package io.vitrine.importer.transform;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vitrine.net.stream.SizedStream;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.nio.file.Files;

/** Reads the first bytes of staged data. */
public final class SourceHead {
  private SourceHead() {}

  /** The first bytes of a source, which this consumes; fewer if it is shorter. */
  public static byte[] read(BlobSource source, int length) throws IOException {
    return switch (source) {
      case BlobSource.OnWeb web -> throw new IllegalArgumentException("staged data is ours");
      case BlobSource.InFile part -> {
        try (var file = Files.newInputStream(part.path())) {
          file.skipNBytes(part.range().offset());
          yield file.readNBytes((int) Math.min(length, part.sizeBytes()));
        }
      }
      case BlobSource.InStream(var stream) -> {
        var bytes = firstBytes(stream, length);
        yield bytes.getBytes(0, Math.min(length, bytes.length()));
      }
    };
  }

  /** At least so many bytes, unless there are fewer. */
  private static Buffer firstBytes(SizedStream stream, int length) {
    var first = Promise.<Buffer>promise();
    var bytes = Buffer.buffer();
    stream
        .exceptionHandler(first::tryFail)
        .endHandler(end -> first.tryComplete(bytes))
        .handler(
            piece -> {
              bytes.appendBuffer(piece);
              if (bytes.length() < length) {
                stream.fetch(1);
              } else {
                first.tryComplete(bytes);
              }
            })
        .fetch(1);
    try {
      return first.future().await();
    } finally {
      stream.abort();
    }
  }
}
