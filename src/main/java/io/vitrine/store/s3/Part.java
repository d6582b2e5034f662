package io.vitrine.store.s3;

import io.vitrine.format.block.Zeros;
import io.vitrine.image.HashAlgorithm;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * A part of a blob in memory, which can be sent repeatedly. As long as all of it is zeros, it only
 * counts them. For one thread at a time.
 */
final class Part implements AutoCloseable {
  private static final String MEDIA_TYPE = "application/octet-stream";
  private static final ByteBuffer ZEROS =
      ByteBuffer.allocate(PartMemory.BLOCK_BYTES).asReadOnlyBuffer();

  private final PartMemory memory;
  private final long capacity;
  private final int room;
  private final List<ByteBuffer> blocks = new ArrayList<>();
  private final CRC32 checksum = new CRC32();
  private long size;
  private boolean isZero = true;
  private boolean isClosed;

  /**
   * An empty part.
   *
   * @param room how many blocks of memory it may use
   */
  Part(PartMemory memory, long capacity, int room) {
    this.memory = memory;
    this.capacity = capacity;
    this.room = room;
  }

  /** Takes as many bytes as fit. */
  void take(ByteBuffer data) {
    int length = (int) Math.min(capacity - size, data.remaining());
    var piece = data.slice(data.position(), length);
    data.position(data.position() + length);
    checksum.update(piece.duplicate());
    if (isZero && !Zeros.areAll(piece)) {
      zeros(size).forEach(this::append);
      isZero = false;
    }
    if (!isZero) {
      append(piece);
    }
    size += length;
  }

  private void append(ByteBuffer data) {
    while (data.hasRemaining()) {
      var block = block();
      int length = Math.min(block.remaining(), data.remaining());
      block.put(data.slice(data.position(), length));
      data.position(data.position() + length);
    }
  }

  private static List<ByteBuffer> zeros(long count) {
    var blocks = new ArrayList<ByteBuffer>();
    for (long left = count; left > 0; left -= ZEROS.capacity()) {
      blocks.add(ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), left)));
    }
    return blocks;
  }

  private ByteBuffer block() {
    if (blocks.isEmpty() || !blocks.getLast().hasRemaining()) {
      blocks.add(memory.block());
    }
    return blocks.getLast();
  }

  boolean isFull() {
    return size == capacity;
  }

  long sizeBytes() {
    return size;
  }

  /** Whether all bytes so far are zeros. */
  boolean isZero() {
    return isZero;
  }

  /** The CRC-32 of the bytes, in the format of S3's headers. */
  String checksum() {
    var bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array();
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** The MD5 of the bytes, in the format of HTTP's headers. */
  String md5() {
    var digest = HashAlgorithm.MD5.begin();
    content().forEach(digest::update);
    return Base64.getEncoder().encodeToString(digest.digest());
  }

  /** The bytes, without copying them. */
  RequestBody body() {
    return RequestBody.fromContentProvider(this::stream, size, MEDIA_TYPE);
  }

  private InputStream stream() {
    return new BlockStream(content());
  }

  private List<ByteBuffer> content() {
    return isZero ? zeros(size) : blocks.stream().map(block -> block.duplicate().flip()).toList();
  }

  /** Returns the memory. */
  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      memory.giveBack(room, blocks);
    }
  }
}
