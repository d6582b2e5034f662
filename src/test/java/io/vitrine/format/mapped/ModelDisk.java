package io.vitrine.format.mapped;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.Stored.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk whose map is in memory, as if its tables lay at given positions of the file. What is
 * compressed is a byte that is repeated.
 */
final class ModelDisk extends MappedDisk {
  static final int UNIT = 512;

  private final List<Place> places;
  private final List<TableRange> tables = new ArrayList<>();
  private final ClaimedSpace metadata = new ClaimedSpace(UNIT);
  private int inflations;

  /** A disk of one place for each unit. */
  ModelDisk(ByteSource file, long sizeBytes, List<Place> places) {
    super(file, sizeBytes, UNIT);
    this.places = places;
  }

  /** Adds a table at a position of the file, which maps the next units of the disk. */
  ModelDisk table(long position, int units) throws InvalidImageException {
    long offset = tables.stream().mapToLong(TableRange::lengthBytes).sum();
    tables.add(new TableRange(position, offset, (long) units * UNIT));
    metadata.claim("a table", position, UNIT);
    return this;
  }

  static Place plain(int unitOfFile) {
    return new Place.Plain((long) unitOfFile * UNIT);
  }

  /** One byte at a position. */
  static Place compressed(long position) {
    return new Place.Compressed(position, 1);
  }

  int inflations() {
    return inflations;
  }

  @Override
  protected Stored find(long offset) throws IOException {
    int unit = (int) (offset / UNIT);
    for (var table : tables) {
      if (offset >= table.offset() && offset < table.offset() + table.lengthBytes()) {
        // Waits for the table as a reader of a format would.
        file().read(table.position(), 1, ByteOrder.BIG_ENDIAN);
      }
    }
    return new Stored((long) unit * UNIT, UNIT, places.get(unit));
  }

  @Override
  protected List<TableRange> tables() {
    return tables.stream()
        .sorted((one, other) -> Long.compare(one.position(), other.position()))
        .toList();
  }

  @Override
  protected ClaimedSpace metadata() {
    return metadata;
  }

  @Override
  protected void inflate(Stored range, Place.Compressed place, ByteBuffer target)
      throws IOException {
    inflations++;
    byte repeated = file().read(place.position(), 1, ByteOrder.BIG_ENDIAN).get();
    while (target.hasRemaining()) {
      target.put(repeated);
    }
  }
}
