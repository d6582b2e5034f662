package io.vitrine.cli;

import io.vitrine.cli.command.Version;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "config",
    description = "Shows the configuration.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ConfigCommands {
  private final Map<String, String> environment;
  @Spec private @Nullable CommandSpec spec;

  ConfigCommands(Map<String, String> environment) {
    this.environment = environment;
  }

  @Command(
      description =
          "Checks the configuration and prints it, secrets hidden, and what holds on this machine.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  void check(@Mixin ConfigOptions options) {
    var config = options.load(environment);
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    out.print(config);
    config.remarks().forEach(remark -> out.println("# " + remark));
    out.flush();
  }
}
