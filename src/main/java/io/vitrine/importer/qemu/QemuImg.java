package io.vitrine.importer.qemu;

import static io.vitrine.image.problem.ProblemException.notOffered;
import static io.vitrine.image.problem.ProblemException.unsupportedContent;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitrine.importer.engine.Conversion;
import io.vitrine.importer.engine.ConversionLimits;
import io.vitrine.importer.engine.Converter;
import io.vitrine.importer.engine.DiskImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Converts disk images with qemu-img, in sandboxed processes. */
public final class QemuImg implements Converter {
  private static final String NO_BACKING_FILE = "\"backing\":null,";

  /** By default, qemu cuts disks to cylinders, heads and sectors unless it knows their maker. */
  private static final String WHOLE_DISK = "\"force_size_calc\":\"current_size\",";

  /** Formats of the Image API, as qemu reads and writes them. */
  private static final Map<String, Driver> DRIVERS =
      Map.of(
          "raw", new Driver("raw", "", false),
          "qcow2", new Driver("qcow2", NO_BACKING_FILE, true),
          "vmdk", new Driver("vmdk", NO_BACKING_FILE, true),
          "vdi", new Driver("vdi", "", true),
          "vhd", new Driver("vpc", WHOLE_DISK, false),
          "vhdx", new Driver("vhdx", "", true));

  /** The executable's name in distributions. */
  public static final String USUAL_NAME = "qemu-img";

  /**
   * A driver of qemu.
   *
   * @param options members of a JSON object, for reading
   * @param canCheck whether it can check images
   */
  private record Driver(String name, String options, boolean canCheck) {}

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

  @Override
  public void requireAvailable() {
    requireProgram();
  }

  private Path requireProgram() {
    return program.orElseThrow(
        () -> notOffered("This service cannot convert images: qemu-img is not installed."));
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

  @Override
  public void requireWithinLimits(OptionalLong virtualSizeBytes) {
    limits.requireVirtualSize(virtualSizeBytes);
  }

  @Override
  public Conversion convert(DiskImage source, DiskImage target) throws IOException {
    var from = driver(source.format());
    var to = driver(target.format());
    var input = input(source.file().toAbsolutePath(), from);
    var output = target.file().toAbsolutePath().toString();
    StandaloneImage.require(source.file(), source.format());
    var directory = Objects.requireNonNull(target.file().toAbsolutePath().getParent(), "a file");
    var check =
        Optional.of(process(directory, "check", "-q", input)).filter(any -> from.canCheck());
    var convert = process(directory, "convert", "-p", "-O", to.name(), input, output);
    return new QemuConversion(source, target, new QemuConversion.Commands(check, convert))
        .start(limits.timeLimit());
  }

  private ProcessBuilder process(Path directory, String... arguments) {
    var command = new ArrayList<>(List.of(requireProgram().toString()));
    command.addAll(List.of(arguments));
    return sandbox.process(command, directory, limits);
  }

  /**
   * Passes driver and file separately, so that neither the file's name nor its content can select
   * another protocol, format or backing file. An absolute name, as the target's, is taken
   * literally.
   */
  private static String input(Path file, Driver driver) {
    return "json:{\"driver\":\"%s\",%s\"file\":{\"driver\":\"file\",\"filename\":\"%s\"}}"
        .formatted(driver.name(), driver.options(), escape(file.toString()));
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static Driver driver(String format) {
    return Optional.ofNullable(DRIVERS.get(format))
        .orElseThrow(() -> unsupportedContent("Images of this format cannot be converted."));
  }
}
