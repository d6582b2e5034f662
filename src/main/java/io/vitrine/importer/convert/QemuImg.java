package io.vitrine.importer.convert;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitrine.image.problem.Problem;
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
 * Converts disk images by the program qemu-img, each in a sandboxed process of its own. Formats are
 * named as in the Image API and never guessed from the data.
 */
public final class QemuImg {
  /** The Image API's names of formats, and qemu's. */
  private static final Map<String, String> DRIVERS =
      Map.of(
          "raw", "raw",
          "qcow2", "qcow2",
          "vmdk", "vmdk",
          "vdi", "vdi",
          "vhd", "vpc",
          "vhdx", "vhdx");

  /** What the program is called where the distribution installs it. */
  public static final String USUAL_NAME = "qemu-img";

  private static final List<String> WITH_BACKING = List.of("qcow2", "vmdk");

  private final Optional<Path> program;
  private final Sandbox sandbox;
  private final ConversionLimits limits;

  /** Uses the named program, or the one at the given path. */
  public QemuImg(String program, Sandbox sandbox, ConversionLimits limits) {
    this.program = Programs.find(program);
    this.sandbox = sandbox;
    this.limits = limits;
  }

  /** Whether there is a program of that name, or at that path. */
  public static boolean isInstalled(String program) {
    return Programs.find(program).isPresent();
  }

  /** Whether there is such a program. */
  public boolean isAvailable() {
    return program.isPresent();
  }

  /** The first line that the program prints about itself; empty when it does not run. Blocks. */
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
   * Starts to write the source, read as one format, to the target in the other. The consumer gets
   * the percentage done, from 0 to 100, on a thread of the conversion; it never goes back.
   *
   * @throws ProblemException when the formats or the source cannot be used at all
   */
  public Conversion convert(
      Path source, String sourceFormat, Path target, String targetFormat, DoubleConsumer percent)
      throws IOException {
    var command =
        List.of(
            program.orElseThrow(QemuImg::notInstalled).toString(),
            "convert",
            "-p",
            "-O",
            driver(targetFormat),
            source(source.toAbsolutePath(), driver(sourceFormat)),
            target.toAbsolutePath().toString());
    StandaloneImage.require(source, sourceFormat);
    var directory = Objects.requireNonNull(target.toAbsolutePath().getParent(), "a file");
    var builder = sandbox.process(command, directory, limits);
    return Conversion.start(builder, target, sourceFormat, limits.wallClockTime(), percent);
  }

  /**
   * Refuses images that claim to be larger than any result may be: what qemu-img does with them
   * takes time that grows with the claim.
   */
  public void requireWithinLimits(OptionalLong virtualSizeBytes) {
    if (virtualSizeBytes.orElse(0) > limits.outputBytes()) {
      throw new ProblemException(
          new Problem.TooLarge(
              "The virtual size of %d bytes is larger than the %d allowed."
                  .formatted(virtualSizeBytes.getAsLong(), limits.outputBytes())));
    }
  }

  /**
   * Names driver and file apart, so that neither the file's name nor its content can choose another
   * protocol, format or backing file. Absolute names, as the target's, are taken as they are.
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
        .orElseThrow(
            () ->
                new ProblemException(
                    new Problem.UnsupportedContent("Images of this format cannot be converted.")));
  }

  private static ProblemException notInstalled() {
    return new ProblemException(
        new Problem.NotOffered("This service cannot convert images: qemu-img is not installed."));
  }
}
