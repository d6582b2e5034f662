package io.vitrine.cli;

import io.vitrine.cli.command.CommandException;
import io.vitrine.cli.command.Version;
import io.vitrine.cli.disk.DiskReport;
import io.vitrine.cli.disk.FileConversion;
import io.vitrine.cli.disk.ImageFile;
import io.vitrine.cli.disk.ProgressLine;
import io.vitrine.config.ByteSize;
import io.vitrine.format.DiskFormats;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "image",
    description = {
      "Describes and converts image files, without a server.",
      "Exit code 0: all is well; 1: the image is not valid, or something failed; 2: wrong usage."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ImageCommands {
  private static final double NANOS_PER_SECOND = 1e9;

  @Spec private @Nullable CommandSpec spec;

  private ImageCommands() {}

  static CommandLine create() {
    return new CommandLine(new ImageCommands()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** How a report is printed. */
  enum Output {
    TEXT,
    JSON
  }

  /** The name of a file, which must not stand for a stream. */
  static final class FileName implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
      if (text.equals("-")) {
        throw new TypeConversionException(
            "\"-\" is not supported, because images are not read and written in order");
      }
      return Path.of(text);
    }
  }

  @Command(
      description = "Describes an image and checks it.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int info(
      @Option(
              names = "--output",
              paramLabel = "text|json",
              defaultValue = "text",
              description = "How to print it; default: text.")
          Output output,
      @Parameters(paramLabel = "FILE", converter = FileName.class) Path file)
      throws IOException {
    try {
      var report = DiskReport.of(ImageFile.inspect(file));
      print(output == Output.JSON ? report.toJson().encodePrettily() + "\n" : report.toText());
      report.verdict().ifPresent(command().getErr()::println);
      return report.faults().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    } catch (InvalidImageException invalid) {
      throw refusal(file, invalid);
    }
  }

  @Command(
      description = "Converts an image. DST appears only when it is complete.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int convert(
      @Mixin ConversionOptions options,
      @Parameters(paramLabel = "SRC", converter = FileName.class) Path source,
      @Parameters(paramLabel = "DST", converter = FileName.class) Path destination)
      throws IOException {
    options.check();
    try {
      var summary = convert(source, destination, options);
      print(options.isQuiet() ? "" : summary);
      return ExitCode.OK;
    } catch (InvalidImageException invalid) {
      throw refusal(source, invalid);
    } catch (InterruptedException stopped) {
      throw new CommandException("Interrupted: %s was not written.".formatted(destination));
    }
  }

  private String convert(Path source, Path destination, ConversionOptions options)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    var format = sourceFormat(source, options);
    var file = FileSource.open(source);
    try (var disk = DiskFormats.open(format, file)) {
      var image = options.newImage(disk.sizeBytes());
      new FileConversion(disk, image, progress(options)).to(destination, options.isReplacing());
      return String.format(
          Locale.ROOT,
          "Converted %s (%s, %s) to %s (%s, %s) in %.1f s.%n",
          source,
          format,
          words(file.sizeBytes()),
          destination,
          image.diskFormat(),
          words(Files.size(destination)),
          (System.nanoTime() - start) / NANOS_PER_SECOND);
    }
  }

  private static String sourceFormat(Path source, ConversionOptions options) throws IOException {
    if (options.sourceFormat().isPresent()) {
      ImageFile.requireBytes(source);
      return options.sourceFormat().get();
    }
    return ImageFile.inspect(source).requireReadFormat();
  }

  /** Where to draw a progress bar: a terminal, or nowhere. */
  private PrintWriter progress(ConversionOptions options) {
    return options.isQuiet() || !ProgressLine.isErrTerminal()
        ? new PrintWriter(Writer.nullWriter())
        : command().getErr();
  }

  private static String words(long bytes) {
    return new ByteSize(bytes).toWords();
  }

  private static CommandException refusal(Path file, InvalidImageException invalid) {
    return new CommandException(DiskReport.sentence(file, String.valueOf(invalid.getMessage())));
  }

  private void print(String text) {
    var out = command().getOut();
    out.print(text);
    out.flush();
  }

  private CommandLine command() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
