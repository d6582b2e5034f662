package io.vitrine.format.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** Spoils the bytes of a sample at random, mostly where it has tables rather than data. */
final class Mutation {
  private static final int BLOCK_BYTES = 512;
  private static final int MAX_CHANGES = 4;
  private static final long[] INTERESTING = {
    0,
    1,
    2,
    7,
    8,
    9,
    21,
    22,
    31,
    32,
    63,
    64,
    511,
    512,
    513,
    4095,
    4096,
    65_535,
    65_536,
    1 << 20,
    (1 << 20) + 1,
    0x7fff_ffffL,
    0x8000_0000L,
    0xffff_fffeL,
    0xffff_ffffL,
    1L << 32,
    1L << 56,
    1L << 62,
    0x4000_0000_0000_0200L,
    Long.MAX_VALUE - 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -512,
    -1
  };

  private final Random random;
  private final int[] tables;
  private byte[] bytes;

  private Mutation(byte[] sample, Random random) {
    this.random = random;
    bytes = sample.clone();
    tables =
        IntStream.range(0, Math.ceilDiv(bytes.length, BLOCK_BYTES)).filter(this::isTable).toArray();
  }

  /** A spoiled copy. */
  static byte[] of(byte[] sample, Random random) {
    var mutation = new Mutation(sample, random);
    for (int left = 1 + random.nextInt(MAX_CHANGES); left > 0; left--) {
      mutation.change();
    }
    return mutation.bytes;
  }

  /** Whether a block has something, but not much: data is random. */
  private boolean isTable(int block) {
    int end = Math.min(bytes.length, (block + 1) * BLOCK_BYTES);
    long set = IntStream.range(block * BLOCK_BYTES, end).filter(at -> bytes[at] != 0).count();
    return set > 0 && set < BLOCK_BYTES * 5 / 8;
  }

  private void change() {
    if (bytes.length < 2 * Long.BYTES) {
      return;
    }
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> bytes[place(1)] ^= (byte) (1 << random.nextInt(8));
      case 3, 4, 5, 6 -> putInteresting();
      case 7, 8 -> copyField();
      case 9, 10 -> addToField();
      case 11 -> bytes[place(1)] = (byte) random.nextInt();
      case 12 -> copyBlock();
      case 13 -> zero();
      case 14 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      default -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(1 << 18));
    }
  }

  /** An aligned place of this many bytes. */
  private int place(int lengthBytes) {
    int at = random.nextInt(bytes.length);
    int way = random.nextInt(8);
    if (way < 3) {
      at = random.nextInt(BLOCK_BYTES);
    } else if (way < 7 && tables.length > 0) {
      at = tables[random.nextInt(tables.length)] * BLOCK_BYTES + random.nextInt(BLOCK_BYTES);
    }
    return Math.min(at, bytes.length - lengthBytes) / lengthBytes * lengthBytes;
  }

  private int fieldBytes() {
    return random.nextBoolean() ? Long.BYTES : Integer.BYTES;
  }

  private ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes)
        .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  private void put(int lengthBytes, int at, long value) {
    if (lengthBytes == Long.BYTES) {
      buffer().putLong(at, value);
    } else {
      buffer().putInt(at, (int) value);
    }
  }

  private void putInteresting() {
    int length = fieldBytes();
    put(length, place(length), INTERESTING[random.nextInt(INTERESTING.length)]);
  }

  private void copyField() {
    int length = fieldBytes();
    System.arraycopy(bytes, place(length), bytes, place(length), length);
  }

  private void addToField() {
    var buffer = buffer();
    int at = place(Integer.BYTES);
    int change = 1 << random.nextInt(20);
    buffer.putInt(at, buffer.getInt(at) + (random.nextBoolean() ? change : -change));
  }

  private void copyBlock() {
    int length = Math.min(bytes.length, 1 << random.nextInt(13));
    System.arraycopy(bytes, place(length), bytes, place(length), length);
  }

  private void zero() {
    int length = Math.min(bytes.length, 1 << random.nextInt(13));
    int at = place(length);
    Arrays.fill(bytes, at, at + length, (byte) 0);
  }
}
