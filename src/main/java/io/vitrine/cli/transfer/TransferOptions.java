package io.vitrine.cli.transfer;

import io.vitrine.cli.command.BoundedDuration;
import io.vitrine.cli.command.CommandException;
import io.vitrine.cli.disk.ProgressLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that all commands have that reach an image service. */
final class TransferOptions {
  /** Describes the option of a command for the URL of the service. */
  static final String SERVICE = "The image service; default: the one in Keystone's catalog.";

  @Option(
      names = "--os-cloud",
      paramLabel = "NAME",
      description = "A cloud of clouds.yaml; default: OS_CLOUD, or the variables OS_….")
  private @Nullable String cloud;

  @Option(
      names = "--patience",
      paramLabel = "DURATION",
      defaultValue = "15m",
      converter = BoundedDuration.class,
      description = "How long to try again without any success; default: 15m.")
  private Duration patience = Duration.ofMinutes(15);

  @Option(names = "--quiet", description = "Prints errors only.")
  private boolean isQuiet;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  /** What a command does with the service. */
  @FunctionalInterface
  interface Work {
    /**
     * Does it.
     *
     * @param out takes what the command prints besides its progress
     */
    void run(Transfers transfers, PrintWriter out) throws IOException, InterruptedException;
  }

  /**
   * Runs a command that reaches the service of these options; returns its exit code.
   *
   * @param url of the service, instead of the one in the catalog
   */
  int run(Map<String, String> environment, Optional<String> url, Work work) throws IOException {
    var command = Objects.requireNonNull(spec).commandLine();
    var target = new Transfers.Target(url, Optional.ofNullable(cloud), patience);
    try (var transfers = new Transfers(environment, target, progress(command.getErr()))) {
      work.run(transfers, command.getOut());
      return ExitCode.OK;
    } catch (InterruptedException stopped) {
      throw new CommandException("Interrupted; the same command goes on.");
    }
  }

  private TransferProgress progress(PrintWriter err) {
    var shown = isQuiet ? new PrintWriter(Writer.nullWriter()) : err;
    return new TransferProgress(shown, ProgressLine.isErrTerminal());
  }
}
