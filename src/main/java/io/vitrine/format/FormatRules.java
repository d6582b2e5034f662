package io.vitrine.format;

import static io.vitrine.image.problem.ProblemException.unsupportedContent;

import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Violation;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides whether inspected content may become the data of an image. What only looks like a broken
 * partition table, disc or encrypted disk is a fault only where it is declared as one: any bytes
 * are a valid raw disk, kernel or ramdisk.
 */
public final class FormatRules {
  private static final String RAW = ContentFormat.RAW.diskFormat();

  private final FormatConfig config;

  /** The accepted createTypes of VMDK, in lower case. */
  private final Set<String> vmdkTypes;

  /** Applies the operator's settings. */
  public FormatRules(FormatConfig config) {
    this.config = config;
    vmdkTypes =
        config.vmdkAllowedTypes().stream()
            .map(type -> type.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The virtual size in bytes to record for the image; absent if unknown or zero. Only images with
   * container format bare are checked. Empty content matches every format: compute services upload
   * it for snapshots whose data is in volumes.
   *
   * @throws ProblemException with {@link Problem.UnsupportedContent} if the content is refused
   */
  public OptionalLong accept(Inspection inspection, String diskFormat, String containerFormat) {
    if (!containerFormat.equals("bare") || inspection.sizeBytes() == 0) {
      return OptionalLong.empty();
    }
    var content = requireSafe(inspection, diskFormat);
    if (diskFormat.equals(RAW)) {
      return known(OptionalLong.of(inspection.sizeBytes()));
    }
    if (diskFormat.equals(content.format().diskFormat())) {
      return known(content.virtualSizeBytes());
    }
    if (config.requireFormatMatch() && (isInspectable(diskFormat) || !content.format().isPlain())) {
      throw mismatch(diskFormat, content);
    }
    return OptionalLong.empty();
  }

  /**
   * The format to pass to qemu's option -f. Data declared raw is read as raw, whatever it looks
   * like; any other data must be of the declared format, whatever the settings.
   *
   * @throws ProblemException with {@link Problem.UnsupportedContent} if the content must not be
   *     read
   */
  public String sourceFormat(Inspection inspection, String diskFormat) {
    var content = requireSafe(inspection, diskFormat);
    if (diskFormat.equals(RAW)) {
      return RAW;
    }
    if (!diskFormat.equals(content.format().diskFormat())) {
      throw mismatch(diskFormat, content);
    }
    return switch (content.format()) {
      case RAW, ISO, GPT -> RAW;
      case VHD -> "vpc";
      case QCOW2, VHDX, VMDK, VDI, LUKS, QED -> diskFormat;
    };
  }

  private DetectedFormat requireSafe(Inspection inspection, String diskFormat) {
    var content = inspection.content().orElseThrow(() -> ambiguous(inspection));
    var reasons =
        inspection.findings().stream()
            .filter(finding -> mustBeSound(finding, content, diskFormat))
            .flatMap(finding -> Stream.concat(fatal(finding), createType(finding)))
            .map(Violation::reason)
            .distinct()
            .toList();
    if (!reasons.isEmpty()) {
      throw unsupportedContent(
          "The image cannot be accepted: it " + String.join("; it ", reasons) + ".");
    }
    return content;
  }

  private static ProblemException ambiguous(Inspection inspection) {
    var names =
        inspection.formats().stream()
            .map(ContentFormat::diskFormat)
            .collect(Collectors.joining(", "));
    return unsupportedContent("The image can be read as more than one format (" + names + ").");
  }

  /** Whether the violations of a finding count. */
  private boolean mustBeSound(DetectedFormat finding, DetectedFormat content, String diskFormat) {
    if (!finding.format().isPlain()) {
      return true;
    }
    boolean isDeclared =
        finding.equals(content) && diskFormat.equals(finding.format().diskFormat());
    // The boot signature of an ISO or a LUKS disk is never a partition table that counts.
    boolean isBootRecord =
        finding.format() == ContentFormat.GPT
            && content.format() != ContentFormat.ISO
            && content.format() != ContentFormat.LUKS;
    return isDeclared || (isBootRecord && config.gptChecksAlways());
  }

  private Stream<Violation> fatal(DetectedFormat finding) {
    return finding.violations().stream()
        .filter(
            violation ->
                finding.format() != ContentFormat.GPT
                    || !config.gptChecksNonfatal().contains(violation.check()));
  }

  private Stream<Violation> createType(DetectedFormat finding) {
    return finding.format() != ContentFormat.VMDK || vmdkTypes.contains(finding.variant())
        ? Stream.empty()
        : Stream.of(new Violation("create_type", "is a VMDK of a createType that is not accepted"));
  }

  private static boolean isInspectable(String diskFormat) {
    return Arrays.stream(ContentFormat.values())
        .anyMatch(format -> format.diskFormat().equals(diskFormat));
  }

  /** Absent for zero: an empty image has no virtual size in the API. */
  private static OptionalLong known(OptionalLong sizeBytes) {
    return sizeBytes.orElse(0) == 0 ? OptionalLong.empty() : sizeBytes;
  }

  private static ProblemException mismatch(String diskFormat, DetectedFormat content) {
    return unsupportedContent(
        "The image is declared as "
            + diskFormat
            + " but its content is "
            + content.format().diskFormat()
            + ".");
  }
}
