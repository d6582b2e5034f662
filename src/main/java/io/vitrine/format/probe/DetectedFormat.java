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

  /**
   * Whether content of another format at the same place is part of this one rather than a second
   * format: a fixed disk has its own content before the footer, an ISO may boot from a partition
   * table, and the random salts of LUKS may look like a boot signature.
   */
  public boolean mayHold(ContentFormat inner) {
    return switch (format) {
      case ISO, LUKS -> inner == ContentFormat.GPT;
      case RAW, QCOW2, VHD, VHDX, VMDK, VDI, GPT, QED -> variant.equals(FIXED) && inner.isPlain();
    };
  }
}
