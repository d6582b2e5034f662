package io.vitrine.format.qcow2;

import io.vitrine.format.block.ByteSource;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** The L2 tables that were used last, up to {@link #MAX_BYTES}. Safe for concurrent use. */
final class L2Cache {
  static final int MAX_BYTES = 16 << 20;

  private final ByteSource file;
  private final L2Layout layout;
  private final Map<Long, L2Table> tables;

  L2Cache(ByteSource file, L2Layout layout) {
    this.file = file;
    this.layout = layout;
    int capacity = MAX_BYTES / layout.clusterBytes();
    tables =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, L2Table> eldest) {
            return size() > capacity;
          }
        };
  }

  /** The table at a position of the file. */
  L2Table get(long position) throws IOException {
    synchronized (tables) {
      var known = tables.get(position);
      if (known != null) {
        return known;
      }
    }
    // Not under the lock: the table may not have arrived yet. Reading it twice does no harm.
    var table =
        new L2Table(
            layout, position, file.read(position, layout.clusterBytes(), ByteOrder.BIG_ENDIAN));
    synchronized (tables) {
      tables.put(position, table);
    }
    return table;
  }
}
