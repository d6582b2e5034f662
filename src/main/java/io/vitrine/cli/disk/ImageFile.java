package io.vitrine.cli.disk;

import static java.util.stream.Collectors.joining;

import io.vitrine.format.FormatInspector;
import io.vitrine.format.Inspection;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Violation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** An image file and what inspection found in it. */
public record ImageFile(Path path, Inspection inspection) {
  private static final int TYPE_BITS = 0xf000;
  private static final int REGULAR_FILE = 0x8000;
  private static final int BLOCK_DEVICE = 0x6000;

  /**
   * Inspects a file or a block device.
   *
   * @throws InvalidImageException if the path leads to something else
   */
  public static ImageFile inspect(Path path) throws IOException {
    requireBytes(path);
    try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
      return new ImageFile(path, FormatInspector.inspect(file));
    }
  }

  /**
   * Refuses what has no bytes by position, such as a directory or a pipe. Opening a pipe would wait
   * for its writer.
   */
  public static void requireBytes(Path path) throws IOException {
    int type = (int) Files.getAttribute(path, "unix:mode") & TYPE_BITS;
    if (type != REGULAR_FILE && type != BLOCK_DEVICE) {
      throw new InvalidImageException("is neither a file nor a block device");
    }
  }

  /** Why the file is no valid image, each reason continuing "the image"; empty if it may be one. */
  List<String> faults() {
    return inspection
        .content()
        .map(content -> isPartitioned(content) ? List.<Violation>of() : content.violations())
        .map(violations -> violations.stream().map(Violation::reason).distinct().toList())
        .orElseGet(() -> List.of("is ambiguous: it can be read as " + formatNames()));
  }

  /** All faults in one sentence that continues "the image". */
  static String verdict(List<String> faults) {
    boolean isSentence = faults.size() == 1 && faults.getFirst().startsWith("is ");
    return isSentence ? faults.getFirst() : "is refused: it " + String.join("; it ", faults);
  }

  /** The format that was found, as in the Image API; several if the content is ambiguous. */
  String formatNames() {
    return inspection.content().map(List::of).orElse(inspection.findings()).stream()
        .map(ImageFile::formatName)
        .collect(joining(" or "));
  }

  private static String formatName(DetectedFormat content) {
    boolean isRaw = isPartitioned(content) && !content.violations().isEmpty();
    return isRaw ? "raw" : content.format().diskFormat();
  }

  /** Many raw disks only look partitioned by their first sector; that is no fault of theirs. */
  private static boolean isPartitioned(DetectedFormat content) {
    return content.format() == ContentFormat.GPT;
  }

  /** The kind within the format, such as a VMDK's createType; empty if it has none. */
  String variant() {
    return inspection.content().map(DetectedFormat::variant).orElse("");
  }

  /** The format by which the disk is read; empty if there is none. */
  Optional<String> readFormat() {
    return inspection
        .content()
        .flatMap(
            content ->
                switch (content.format()) {
                  case RAW, ISO, GPT -> Optional.of("raw");
                  case QCOW2, VHD, VHDX, VMDK, VDI -> Optional.of(content.format().diskFormat());
                  case LUKS, QED -> Optional.empty();
                });
  }

  /** The disk format of an image with this data in the Image API; raw if it is unknown. */
  public String listedFormat() {
    return inspection
        .content()
        .filter(content -> content.format() != ContentFormat.GPT)
        .map(content -> content.format().diskFormat())
        .orElse("raw");
  }

  /**
   * The format by which to read the disk of a sound file.
   *
   * @throws InvalidImageException if the file is not sound or cannot be read
   */
  public String requireReadFormat() throws InvalidImageException {
    var faults = faults();
    if (!faults.isEmpty()) {
      throw new InvalidImageException(verdict(faults) + hint());
    }
    return readFormat()
        .orElseThrow(() -> new InvalidImageException("is encrypted: -f raw copies it as it is"));
  }

  /** How to read it all the same, if there is a sensible way. */
  private String hint() {
    boolean isRaw = readFormat().filter("raw"::equals).isPresent();
    if (isRaw) {
      return " (-f raw reads it as it is)";
    }
    return inspection.content().isEmpty() ? " (choose one with -f)" : "";
  }
}
