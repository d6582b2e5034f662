package io.vitrine.transfer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ChunkBufferTest {
  @Property(tries = 200)
  void keepsAllBytesInTheirOrder(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 20_000) Integer> sizes,
      @ForAll @IntRange(min = 1, max = 30_000) int length) {
    var chunk = new ChunkBuffer();
    var expected = Buffer.buffer();
    var taken = Buffer.buffer();

    for (int size : sizes) {
      var piece = Buffer.buffer(new byte[size]);
      for (int at = 0; at < size; at++) {
        piece.setByte(at, (byte) (expected.length() + at));
      }
      expected.appendBuffer(piece);
      chunk.add(piece);
      while (chunk.size() >= length) {
        taken.appendBuffer(chunk.take(length));
      }
    }

    assertThat(chunk.size()).isEqualTo(expected.length() % length);
    taken.appendBuffer(chunk.take(chunk.size()));
    assertThat(taken.getBytes()).isEqualTo(expected.getBytes());
  }
}
