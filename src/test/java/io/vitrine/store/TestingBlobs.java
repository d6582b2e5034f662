package io.vitrine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;

/** Writes and reads blobs of random bytes. */
public final class TestingBlobs {
  private static final int CHUNK = 100_000;

  private TestingBlobs() {}

  public static BlobRef blob() {
    return new BlobRef(
        UUID.randomUUID(),
        ImageId.random(),
        BlobRef.Purpose.IMAGE,
        new BlobRef.Place("fast", "node-a"));
  }

  /** The same bytes for the same length. */
  public static byte[] random(int length) {
    var data = new byte[length];
    new SplittableRandom(length).nextBytes(data);
    return data;
  }

  /** Writes a blob whose length is not told beforehand. */
  public static void put(BlobStore store, BlobRef blob, byte[] data) throws IOException {
    put(store, blob, data, OptionalLong.empty());
  }

  public static void put(BlobStore store, BlobRef blob, byte[] data, OptionalLong expectedBytes)
      throws IOException {
    var writer = store.begin(blob, expectedBytes);
    write(writer, data, 0, data.length);
    writer.commit();
  }

  public static void write(BlobWriter writer, byte[] data, int from, int to) throws IOException {
    for (int at = from; at < to; at += CHUNK) {
      writer.write(ByteBuffer.wrap(data, at, Math.min(CHUNK, to - at)));
    }
  }

  /** All bytes of a blob. */
  public static byte[] read(BlobStore store, BlobRef blob) throws IOException {
    try (var reader = store.open(blob).orElseThrow()) {
      return read(reader, 0, Math.toIntExact(reader.sizeBytes()));
    }
  }

  public static byte[] read(BlobReader reader, long position, int count) throws IOException {
    var data = ByteBuffer.allocate(count);
    while (data.hasRemaining()) {
      assertThat(reader.read(data, position + data.position())).isPositive();
    }
    return data.array();
  }
}
