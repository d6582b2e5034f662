package io.vitrine.format.vhdx;

import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.Stored;
import io.vitrine.format.mapped.Stored.Place;

/** The entry of a block in the BAT (MS-VHDX 2.5.1): its state, and where it is in the file. */
record BatEntry(long value) {
  private static final int STATE = 0b111;
  private static final long POSITION = -VhdxHeader.UNIT_BYTES;

  private static final int NOT_PRESENT = 0;
  private static final int UNDEFINED = 1;
  private static final int ZERO = 2;
  private static final int UNMAPPED = 3;

  /** The state of an unmapped block in drafts of the specification. */
  private static final int UNMAPPED_IN_DRAFTS = 5;

  private static final int FULLY_PRESENT = 6;
  private static final int PARTIALLY_PRESENT = 7;

  /** Whether the block is in the file. */
  boolean isPresent() {
    return state() == FULLY_PRESENT;
  }

  /** Where a present block is in the file, in bytes; negative if that is impossible. */
  long position() {
    return value & POSITION;
  }

  private int state() {
    return (int) value & STATE;
  }

  /**
   * Where the block's bytes are.
   *
   * @param at the position of this entry in the file
   */
  Place place(long at, DiskGeometry geometry) throws InvalidImageException {
    return switch (state()) {
      case NOT_PRESENT, UNDEFINED, UNMAPPED, UNMAPPED_IN_DRAFTS -> Stored.HOLE;
      case ZERO -> Stored.ZERO;
      case FULLY_PRESENT -> {
        if (!FileRegion.isPossible(position(), geometry.blockBytes())) {
          throw fault(at, "%d is not a possible position of a block".formatted(position()));
        }
        yield new Place.Plain(position());
      }
      case PARTIALLY_PRESENT -> throw fault(at, "a part of the block is in a parent");
      default -> throw fault(at, "the state %d is reserved".formatted(state()));
    };
  }

  private static InvalidImageException fault(long at, String fault) {
    return InvalidImageException.inField("BAT entry", at, fault);
  }
}
