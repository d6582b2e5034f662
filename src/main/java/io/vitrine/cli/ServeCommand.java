package io.vitrine.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

@Command(
    name = "serve",
    description = "Runs the service until it is asked to stop.",
    mixinStandardHelpOptions = true,
    versionProvider = CommandLineInterface.Version.class)
final class ServeCommand implements Callable<Integer> {
  @Mixin private final ConfigOptions options = new ConfigOptions();
  private final Serving serving;
  private final Map<String, String> environment;

  ServeCommand(Serving serving, Map<String, String> environment) {
    this.serving = serving;
    this.environment = environment;
  }

  @Override
  public Integer call() throws Exception {
    serving.run(options.load(environment));
    return ExitCode.OK;
  }
}
