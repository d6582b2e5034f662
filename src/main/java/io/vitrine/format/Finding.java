package io.vitrine.format;

import java.util.List;
import java.util.OptionalLong;

/**
 * One format that was recognised.
 *
 * @param variant the kind within the format, such as a VMDK's createType; empty if it has none
 * @param virtualSizeBytes the size of the disk as a guest sees it; absent if it cannot be known
 */
public record Finding(
    ContentFormat format,
    String variant,
    OptionalLong virtualSizeBytes,
    List<Violation> violations) {

  /** Keeps its own copy of the violations. */
  public Finding {
    violations = List.copyOf(violations);
  }

  /** Whether a partition table in front is part of this format, not a second one. */
  boolean mayHoldPartitions() {
    return format == ContentFormat.ISO || variant.equals(VhdProbe.FIXED_VARIANT);
  }
}
