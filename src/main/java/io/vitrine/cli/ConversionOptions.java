package io.vitrine.cli;

import static java.util.stream.Collectors.joining;

import io.vitrine.format.DiskFormats;
import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.block.ClusterCompression;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What to convert from and to; the short options are those of qemu-img. */
final class ConversionOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "-f",
      paramLabel = "FORMAT",
      description = "The format of SRC: raw, qcow2, vmdk, vdi, vhd or vhdx; default: as detected.")
  private @Nullable String sourceFormat;

  @Option(
      names = "-O",
      paramLabel = "FORMAT",
      description = "The format of DST: raw (the default), qcow2 or vmdk.")
  private String format = "raw";

  @Option(
      names = "-c",
      arity = "0..1",
      paramLabel = "zlib|zstd",
      parameterConsumer = CompressionConsumer.class,
      description = "Compress DST, which must be qcow2; default: zlib.")
  private ClusterCompression compression = ClusterCompression.NONE;

  @Option(names = "--force", description = "Replace DST if it is a file that exists.")
  private boolean isReplacing;

  @Option(names = "--quiet", description = "Print errors only.")
  private boolean isQuiet;

  /** Refuses options that do not exist or do not fit each other. */
  void check() {
    sourceFormat().ifPresent(given -> require("-f", given, DiskFormats.READABLE));
    require("-O", format, DiskFormats.WRITABLE);
    if (compression != ClusterCompression.NONE && !format.equals("qcow2")) {
      throw complaint(
          format.equals("vmdk")
              ? "-c goes with -O qcow2 only: vmdk is always compressed."
              : "-c goes with -O qcow2 only.");
    }
  }

  private void require(String option, String format, Set<String> formats) {
    if (!formats.contains(format)) {
      var names = formats.stream().sorted().collect(joining(", "));
      throw complaint("%s: \"%s\" is not one of %s.".formatted(option, format, names));
    }
  }

  private ParameterException complaint(String fault) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), fault);
  }

  /** The format of the source; empty if it is to be detected. */
  Optional<String> sourceFormat() {
    return Optional.ofNullable(sourceFormat);
  }

  /** The image to create for a disk of the size. */
  NewImage newImage(long sizeBytes) {
    return new NewImage(format, sizeBytes, compression);
  }

  boolean isReplacing() {
    return isReplacing;
  }

  boolean isQuiet() {
    return isQuiet;
  }

  /** Takes the word after the option only if it is a compression, not the name of a file. */
  static final class CompressionConsumer implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
      var next = words.isEmpty() ? "" : words.peek();
      if (next.equals("zlib") || next.equals("zstd")) {
        words.pop();
      }
      option.setValue(next.equals("zstd") ? ClusterCompression.ZSTD : ClusterCompression.ZLIB);
    }
  }
}
