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
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 20_000) Integer> sizes) {
    var chunk = new ChunkBuffer();
    var expected = Buffer.buffer();

    for (int size : sizes) {
      var piece = Buffer.buffer(new byte[size]);
      for (int at = 0; at < size; at++) {
        piece.setByte(at, (byte) (expected.length() + at));
      }
      expected.appendBuffer(piece);
      chunk.add(piece);
    }

    assertThat(chunk.size()).isEqualTo(expected.length());
    assertThat(chunk.toChunk().getBytes()).isEqualTo(expected.getBytes());
  }
}
