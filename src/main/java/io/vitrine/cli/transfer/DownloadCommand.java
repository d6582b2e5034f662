package io.vitrine.cli.transfer;

import io.vitrine.cli.command.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches an image from a service to a file. */
@Command(
    name = "download",
    description = {
      "Fetches the data of an image and checks its digest. FILE appears when it is complete.",
      "After an interruption, the same command goes on where it was."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class DownloadCommand implements Callable<Integer> {
  private final Map<String, String> environment;

  @Mixin private final TransferOptions options = new TransferOptions();

  @Option(names = "--from", paramLabel = "URL", description = TransferOptions.SERVICE)
  private @Nullable String url;

  @Parameters(paramLabel = "IMAGE", description = "An id, or the name of one active image.")
  private String image = "";

  @Parameters(paramLabel = "FILE")
  private Path file = Path.of("");

  @Option(names = "--force", description = "Replaces FILE if it is a file.")
  private boolean isReplacing;

  /** A command in an environment, which has the credentials. */
  public DownloadCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    return options.run(
        environment,
        Optional.ofNullable(url),
        (transfers, out) -> transfers.download(image, file, isReplacing));
  }
}
