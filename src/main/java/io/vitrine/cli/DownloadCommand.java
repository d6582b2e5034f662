package io.vitrine.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Fetches an image from a service to a file. */
@Command(
    name = "download",
    description = {
      "Fetches the data of an image and checks its digest. FILE appears when it is complete.",
      "After an interruption, the same command goes on where it was."
    },
    mixinStandardHelpOptions = true,
    versionProvider = CommandLineInterface.Version.class)
final class DownloadCommand implements Callable<Integer> {
  private final Map<String, String> environment;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final TransferOptions options = new TransferOptions();

  @Parameters(paramLabel = "IMAGE", description = "An id, or the name of one active image.")
  private String image = "";

  @Parameters(paramLabel = "FILE")
  private Path file = Path.of("");

  @Option(names = "--force", description = "Replaces FILE if it is a file.")
  private boolean isReplacing;

  DownloadCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    var command = Objects.requireNonNull(spec).commandLine();
    try (var transfers = options.open(environment, command.getErr())) {
      transfers.download(image, file, isReplacing);
      return ExitCode.OK;
    } catch (InterruptedException stopped) {
      throw new CommandException("Interrupted; the same command goes on.");
    }
  }
}
