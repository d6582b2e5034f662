package io.vitrine.cli;

import io.vitrine.settings.ServeFlags;
import io.vitrine.settings.VitrineConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that select a command's configuration. */
final class ConfigOptions {
  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description = "A YAML file with the settings that differ from the defaults; later files win.")
  private final List<Path> files = new ArrayList<>();

  VitrineConfig load(Map<String, String> environment) {
    return load(environment, ServeFlags.NONE);
  }

  VitrineConfig load(Map<String, String> environment, ServeFlags flags) {
    return VitrineConfig.load(files, environment, flags);
  }
}
