package io.vitrine.format.vmdk;

import io.vitrine.format.compression.Pool;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates grains, each a zlib stream (RFC 1950). Safe for concurrent use. */
final class GrainInflation implements AutoCloseable {
  private static final int REST_BYTES = 4096;

  private final Pool<Inflater> inflaters = new Pool<>(Inflater::new, Inflater::end);

  /**
   * Fills the buffer.
   *
   * @param maxRestBytes what may follow within the grain: what lies past the end of the disk
   * @throws DataFormatException if the stream is broken, too short or too long
   */
  void inflate(ByteBuffer compressed, ByteBuffer target, int maxRestBytes)
      throws DataFormatException {
    var inflater = inflaters.take();
    try {
      inflater.setInput(compressed);
      while (target.hasRemaining()) {
        if (inflater.inflate(target) == 0) {
          throw new DataFormatException(
              "it ends after %d bytes".formatted(inflater.getBytesWritten()));
        }
      }
      finish(inflater, maxRestBytes);
    } finally {
      inflater.reset();
      inflaters.giveBack(inflater);
    }
  }

  /** The checksum is verified only when the stream is read to its end. */
  private static void finish(Inflater inflater, int maxRestBytes) throws DataFormatException {
    var rest = new byte[REST_BYTES];
    long restBytes = 0;
    while (!inflater.finished()) {
      int count = inflater.inflate(rest);
      restBytes += count;
      if (restBytes > maxRestBytes) {
        throw new DataFormatException("it is longer than its grain");
      }
      if (count == 0 && !inflater.finished()) {
        throw new DataFormatException("it is cut off");
      }
    }
  }

  @Override
  public void close() {
    inflaters.close();
  }
}
