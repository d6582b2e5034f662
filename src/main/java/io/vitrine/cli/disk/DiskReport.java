package io.vitrine.cli.disk;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.config.ByteSize;
import io.vitrine.format.DiskFormats;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.probe.DetectedFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What can be said of an image file.
 *
 * @param disk the disk in it; empty if it cannot be read
 * @param faults why the file is no valid image, each continuing the words "the image"
 */
public record DiskReport(ImageFile file, Optional<Disk> disk, List<String> faults) {
  /** Copies the faults. */
  public DiskReport {
    faults = List.copyOf(faults);
  }

  /**
   * What the disk's tables tell.
   *
   * @param dataBytes how much of the disk is stored in the file
   * @param remarks see {@link BlockSource#remarks}
   */
  public record Disk(long sizeBytes, long dataBytes, String remarks) {
    static Disk of(BlockSource disk) throws IOException {
      long dataBytes = 0;
      var extents = disk.dataInFileOrder(); // It checks more than the other order.
      for (var next = extents.next(); next.isPresent(); next = extents.next()) {
        dataBytes += next.map(Extent::lengthBytes).orElse(0L);
      }
      return new Disk(disk.sizeBytes(), dataBytes, disk.remarks());
    }
  }

  /** Opens the disk in the file and reads all its tables, but no data. */
  public static DiskReport of(ImageFile file) throws IOException {
    var faults = file.faults();
    var format = file.readFormat();
    if (!faults.isEmpty() || format.isEmpty()) {
      return new DiskReport(file, Optional.empty(), faults);
    }
    try (var disk = DiskFormats.open(format.get(), FileSource.open(file.path()))) {
      return new DiskReport(file, Optional.of(Disk.of(disk)), List.of());
    } catch (InvalidImageException invalid) {
      return new DiskReport(file, Optional.empty(), List.of(String.valueOf(invalid.getMessage())));
    }
  }

  /** Why the file is no valid image, in one sentence; empty if it is one. */
  public Optional<String> verdict() {
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(sentence(file.path(), ImageFile.verdict(faults)));
  }

  /** A sentence about a file, whose predicate may quote the file. */
  public static String sentence(Path file, String predicate) {
    return printable(file + " " + predicate);
  }

  /** Aligned lines for people. */
  public String toText() {
    var lines = new LinkedHashMap<String, String>();
    lines.put("File", file.path().toString());
    lines.put("Format", file.formatNames());
    lines.put("Variant", file.variant());
    lines.put(
        "Virtual size", virtualSize().stream().mapToObj(DiskReport::size).findFirst().orElse(""));
    lines.put("File size", size(file.inspection().sizeBytes()));
    lines.put("Data", disk.map(found -> size(found.dataBytes())).orElse(""));
    lines.put("Remarks", disk.map(Disk::remarks).orElse(""));
    return lines.entrySet().stream()
        .filter(line -> !line.getValue().isEmpty())
        .map(DiskReport::line)
        .collect(Collectors.joining());
  }

  /** The same for programs: all keys are always there, unknown values are null. */
  public JsonObject toJson() {
    var virtualSize = virtualSize();
    return new JsonObject()
        .put("file", file.path().toString())
        .put("valid", faults.isEmpty())
        .put("format", file.inspection().content().isEmpty() ? null : file.formatNames())
        .put("variant", file.variant().isEmpty() ? null : file.variant())
        .put("virtual_size", virtualSize.isEmpty() ? null : virtualSize.getAsLong())
        .put("file_size", file.inspection().sizeBytes())
        .put("data_size", disk.map(Disk::dataBytes).orElse(null))
        .put("remarks", disk.map(Disk::remarks).filter(text -> !text.isEmpty()).orElse(null))
        .put("faults", new JsonArray(faults));
  }

  private OptionalLong virtualSize() {
    return disk.map(found -> OptionalLong.of(found.sizeBytes()))
        .orElseGet(
            () ->
                file.inspection()
                    .content()
                    .map(DetectedFormat::virtualSizeBytes)
                    .orElse(OptionalLong.empty()));
  }

  private static String size(long bytes) {
    return "%s (%d bytes)".formatted(new ByteSize(bytes).toWords(), bytes);
  }

  private static String line(Map.Entry<String, String> line) {
    return "%-14s %s\n".formatted(line.getKey() + ":", printable(line.getValue()));
  }

  /** Keeps text from the file from controlling the terminal. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cc}", "?");
  }
}
