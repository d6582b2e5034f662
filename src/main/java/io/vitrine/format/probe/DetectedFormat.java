package io.vitrine.format.probe;

import java.util.List;
import java.util.OptionalLong;

/**
 * A recognised format.
 *
 * @param variant the kind within the format, such as a VMDK's createType; empty if it has none
 * @param virtualSizeBytes the size of the disk as a guest sees it; absent if unknown
 */
public record DetectedFormat(
    ContentFormat format,
    String variant,
    OptionalLong virtualSizeBytes,
    List<Violation> violations) {

  /** The {@link #variant} of a format whose content is raw, with a footer after it. */
  public static final String FIXED = "fixed";

  /** Copies the violations. */
  public DetectedFormat {
    violations = List.copyOf(violations);
  }

  /** Whether a partition table at the start is part of this format rather than a second format. */
  public boolean mayHoldPartitions() {
    return format == ContentFormat.ISO || variant.equals(FIXED);
  }
}
