package io.vitrine.store.file;

import io.vitrine.transfer.disk.DirectAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Leaves data in the page cache for the downloads that follow. What has no room there is written
 * past the cache, so that a large file does not push out all others.
 */
final class HotOutput implements FileOutput {
  private final Path file;
  private final FileChannel channel;
  private final CachedOutput cached;
  private final DirectBlocks blocks;
  private final CacheRoom room;

  /** The room taken, for the first bytes of the file, whichever request has written them. */
  private long roomBytes;

  private FileOutput target;

  /**
   * Appends to a file that may have data.
   *
   * @param file need not exist before the first write
   * @param channel at the end of the file; closed with the result
   */
  HotOutput(Path file, FileChannel channel, FileBlobWriter.Means means) {
    this.file = file;
    this.channel = channel;
    this.cached = new CachedOutput(channel, means.layout().isFlushed(), means.flushers());
    this.blocks = means.blocks();
    this.room = means.room();
    this.target = cached;
  }

  @Override
  public void write(ByteBuffer... data) throws IOException {
    if (target == cached && !isRoomFor(data) && isAligned(data)) {
      target = DirectOutput.open(file, channel, blocks).orElse(cached);
    }
    target.write(data);
  }

  private boolean isRoomFor(ByteBuffer[] data) throws IOException {
    long end = cached.position() + Arrays.stream(data).mapToLong(ByteBuffer::remaining).sum();
    if (!room.take(end - roomBytes)) {
      return false;
    }
    roomBytes = end;
    return true;
  }

  /** Writes the bytes before the next position where direct I/O may begin; false if it is later. */
  private boolean isAligned(ByteBuffer[] data) throws IOException {
    int missing = (int) (-cached.position() & (DirectAccess.ALIGNMENT - 1));
    for (var buffer : data) {
      int length = Math.min(missing, buffer.remaining());
      cached.write(buffer.slice(buffer.position(), length));
      buffer.position(buffer.position() + length);
      missing -= length;
    }
    return missing == 0;
  }

  @Override
  public long heldBytes() {
    return target.heldBytes();
  }

  @Override
  public long sync() throws IOException {
    long held = target.sync();
    if (target != cached) {
      cached.sync();
    }
    return held;
  }

  @Override
  public void finish() throws IOException {
    target.finish();
    if (target != cached) {
      cached.finish(); // It may have failed to write back the first bytes.
    }
  }

  @Override
  public void close() throws IOException {
    room.giveBack(roomBytes);
    roomBytes = 0;
    try (channel) {
      target.close();
    }
  }
}
