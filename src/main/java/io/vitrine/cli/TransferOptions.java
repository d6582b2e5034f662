package io.vitrine.cli;

import io.vitrine.cli.transfer.TransferProgress;
import io.vitrine.cli.transfer.Transfers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that reach an image service. */
final class TransferOptions {
  @Option(
      names = {"--to", "--from"},
      paramLabel = "URL",
      description = "The image service; default: the one in Keystone's catalog.")
  private @Nullable String url;

  @Option(
      names = "--os-cloud",
      paramLabel = "NAME",
      description = "A cloud of clouds.yaml; default: OS_CLOUD, or the variables OS_….")
  private @Nullable String cloud;

  @Option(
      names = "--patience",
      paramLabel = "DURATION",
      defaultValue = "15m",
      converter = DatabaseCommands.Bound.class,
      description = "How long to try again without any success; default: 15m.")
  private Duration patience = Duration.ofMinutes(15);

  @Option(names = "--quiet", description = "Prints errors only.")
  private boolean isQuiet;

  boolean isQuiet() {
    return isQuiet;
  }

  /** Opens what transfers, which shows its progress there. */
  Transfers open(Map<String, String> environment, PrintWriter err) throws IOException {
    var target =
        new Transfers.Target(Optional.ofNullable(url), Optional.ofNullable(cloud), patience);
    var shown = isQuiet ? new PrintWriter(Writer.nullWriter()) : err;
    return new Transfers(environment, target, new TransferProgress(shown, isErrTerminal()));
  }

  /** {@link java.io.Console#isTerminal} tells of the other two streams only. */
  static boolean isErrTerminal() {
    try {
      var device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException unknown) {
      return false;
    }
  }
}
