package io.vitrine.cli;

import io.vitrine.cli.command.Version;
import io.vitrine.settings.ServeFlags;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "serve",
    description = "Runs the service until it is stopped.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ServeCommand implements Callable<Integer> {
  @Mixin private final ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Where the API listens: http.host.")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      description =
          "The API's port (http.port); 0 picks a free one. Unless configured, the management"
              + " port becomes N+1.")
  private @Nullable Integer port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The directory for everything that the defaults write (data.dir).")
  private @Nullable Path data;

  private final Serving serving;
  private final Map<String, String> environment;

  ServeCommand(Serving serving, Map<String, String> environment) {
    this.serving = serving;
    this.environment = environment;
  }

  @Override
  public Integer call() throws Exception {
    var flags =
        new ServeFlags(
            Optional.ofNullable(host), Optional.ofNullable(port), Optional.ofNullable(data));
    serving.run(options.load(environment, flags));
    return ExitCode.OK;
  }
}
