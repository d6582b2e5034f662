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
        var piece = firstPiece(stream);
        yield piece.getBytes(0, Math.min(length, piece.length()));
      }
    };
  }

  private static Buffer firstPiece(SizedStream stream) {
    var first = Promise.<Buffer>promise();
    stream
        .exceptionHandler(first::tryFail)
        .endHandler(empty -> first.tryComplete(Buffer.buffer()))
        .handler(first::tryComplete)
        .fetch(1);
    try {
      return first.future().await();
    } finally {
      stream.abort();
    }
  }
}
