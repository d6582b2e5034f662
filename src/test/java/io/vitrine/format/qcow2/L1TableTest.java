package io.vitrine.format.qcow2;

import static io.vitrine.format.fuzz.Memory.bounded;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.mapped.TableRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class L1TableTest {
  private static final L2Layout LAYOUT = new L2Layout(3, 9, false);
  private static final long SPAN_BYTES = LAYOUT.spanBytes();

  /** The last position of a unit whose number has 31 bits. */
  private static final long LAST = Integer.MAX_VALUE * 512L;

  @Test
  void tellsTablesByPosition() throws IOException {
    var l1 = table(0, 5L << 9, LAST, 0, 2L << 9);

    assertThat(l1.tables())
        .containsExactly(
            new TableRange(2L << 9, 4 * SPAN_BYTES, SPAN_BYTES),
            new TableRange(5L << 9, SPAN_BYTES, SPAN_BYTES),
            new TableRange(LAST, 2 * SPAN_BYTES, SPAN_BYTES));
  }

  @Test
  void takesLittleMemoryForManyTables() throws IOException {
    var positions = new long[1 << 18];
    for (int index = 0; index < positions.length; index++) {
      positions[index] = (long) (positions.length - index) << 9;
    }
    var l1 = table(positions);

    assertThat(bounded(4 << 20, l1::tables)).hasSize(positions.length);
  }

  private static L1Table table(long... positions) {
    var entries = ByteBuffer.allocate(positions.length * Long.BYTES);
    entries.asLongBuffer().put(positions);
    return new L1Table(LAYOUT, 0, entries);
  }
}
