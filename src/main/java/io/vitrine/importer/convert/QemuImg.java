package io.vitrine.importer.convert;

import static io.vitrine.image.problem.ProblemException.notOffered;
import static io.vitrine.image.problem.ProblemException.tooLarge;
import static io.vitrine.image.problem.ProblemException.unsupportedContent;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitrine.image.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleConsumer;

/**
 * Converts disk images with qemu-img, each in a sandboxed process. Formats are named as in the
 * Image API and never guessed from the data.
 */
public final class QemuImg {
  /** Formats of the Image API and their qemu drivers. */
  private static final Map<String, String> DRIVERS =
      Map.of(
          "raw", "raw",
          "qcow2", "qcow2",
          "vmdk", "vmdk",
          "vdi", "vdi",
          "vhd", "vpc",
          "vhdx", "vhdx");

  /** The executable's name in distributions. */
  public static final String USUAL_NAME = "qemu-img";

  private static final List<String> WITH_BACKING = List.of("qcow2", "vmdk");

  private final Optional<Path> program;
  private final Sandbox sandbox;
  private final ConversionLimits limits;

  /** Uses the executable of the given name or path. */
  public QemuImg(String program, Sandbox sandbox, ConversionLimits limits) {
    this.program = Programs.find(program);
    this.sandbox = sandbox;
    this.limits = limits;
  }

  /** Whether there is an executable of that name or path. */
  public static boolean isInstalled(String program) {
    return Programs.find(program).isPresent();
  }

  /** Whether the executable exists. */
  public boolean isAvailable() {
    return program.isPresent();
  }

  /** The first line of its version message; empty if it does not run. Blocks. */
  public Optional<String> version() {
    return program.flatMap(
        path -> {
          var command = List.of(path.toString(), "--version");
          try {
            var process = sandbox.process(command, Path.of("/"), limits).start();
            try (var output = process.inputReader(UTF_8)) {
              return Optional.ofNullable(output.readLine());
            }
          } catch (IOException broken) {
            return Optional.empty();
          }
        });
  }

  /**
   * Starts converting the source, read in one format, to the target in the other. The consumer
   * receives the percentage done, 0 to 100 and never decreasing, on a thread of the conversion.
   *
   * @throws ProblemException when the formats or the source cannot be used
   */
  public Conversion convert(DiskImage source, DiskImage target, DoubleConsumer percent)
      throws IOException {
    var command =
        List.of(
            program.orElseThrow(QemuImg::notInstalled).toString(),
            "convert",
            "-p",
            "-O",
            driver(target.format()),
            source(source.file().toAbsolutePath(), driver(source.format())),
            target.file().toAbsolutePath().toString());
    StandaloneImage.require(source.file(), source.format());
    var directory = Objects.requireNonNull(target.file().toAbsolutePath().getParent(), "a file");
    var builder = sandbox.process(command, directory, limits);
    return Conversion.start(
        builder, limits.timeLimit(), new Conversion.Order(source.format(), target.file(), percent));
  }

  /**
   * Refuses images with a virtual size beyond the limit: the time qemu-img needs grows with that
   * size.
   */
  public void requireWithinLimits(OptionalLong virtualSizeBytes) {
    if (virtualSizeBytes.orElse(0) > limits.outputLimit().bytes()) {
      throw tooLarge(
          "The virtual size of %d bytes is larger than the %d allowed."
              .formatted(virtualSizeBytes.getAsLong(), limits.outputLimit().bytes()));
    }
  }

  /**
   * Passes driver and file separately, so that neither the file's name nor its content can select
   * another protocol, format or backing file. An absolute name, as the target's, is taken
   * literally.
   */
  private static String source(Path file, String driver) {
    var backing = WITH_BACKING.contains(driver) ? "\"backing\":null," : "";
    return "json:{\"driver\":\"%s\",%s\"file\":{\"driver\":\"file\",\"filename\":\"%s\"}}"
        .formatted(driver, backing, escape(file.toString()));
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String driver(String format) {
    return Optional.ofNullable(DRIVERS.get(format))
        .orElseThrow(() -> unsupportedContent("Images of this format cannot be converted."));
  }

  private static ProblemException notInstalled() {
    return notOffered("This service cannot convert images: qemu-img is not installed.");
  }
}
