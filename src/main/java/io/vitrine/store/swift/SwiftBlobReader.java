package io.vitrine.store.swift;

import io.vitrine.store.blob.BlobReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/** Reads an object by ranges, which grow once the reads seem sequential. */
final class SwiftBlobReader implements BlobReader {
  private static final int BLOCK_BYTES = 2 << 20;

  private final SwiftClient client;
  private final String path;
  private final long sizeBytes;
  private byte[] block = new byte[0];
  private long blockAt;

  SwiftBlobReader(SwiftClient client, String path, long sizeBytes) {
    this.client = client;
    this.path = path;
    this.sizeBytes = sizeBytes;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    if (position >= sizeBytes) {
      return -1;
    }
    if (target.hasRemaining() && (position < blockAt || position >= blockAt + block.length)) {
      fetch(position, target.remaining());
    }
    int offset = Math.toIntExact(position - blockAt);
    int count = Math.min(target.remaining(), block.length - offset);
    target.put(block, offset, count);
    return count;
  }

  private void fetch(long position, int wantedBytes) throws IOException {
    boolean isSequence = block.length > 0 && position == blockAt + block.length;
    int count = isSequence ? BLOCK_BYTES : Math.min(BLOCK_BYTES, wantedBytes);
    long end = Math.min(sizeBytes, position + count);
    block = new byte[0];
    var range = "bytes=%d-%d".formatted(position, end - 1);
    var answer = client.send("GET", path, Map.of("Range", range), new byte[0]);
    SwiftClient.require(answer, "read");
    var found = answer.body().take();
    if (answer.statusCode() != 206 || found.length != end - position) {
      throw new IOException("the object store sent a different range than requested");
    }
    block = found;
    blockAt = position;
  }

  @Override
  public void close() {
    block = new byte[0];
  }
}
