package io.vitrine.cli;

import io.vitrine.catalog.database.Migrations;
import io.vitrine.catalog.database.SchemaState;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "db",
    description = "Manages the database schema.",
    mixinStandardHelpOptions = true,
    versionProvider = CommandLineInterface.Version.class)
final class DatabaseCommands {
  private final Map<String, String> environment;
  @Spec private @Nullable CommandSpec spec;

  DatabaseCommands(Map<String, String> environment) {
    this.environment = environment;
  }

  @Command(
      description = "Migrates the schema to this program's version.",
      mixinStandardHelpOptions = true,
      versionProvider = CommandLineInterface.Version.class)
  int migrate(@Mixin ConfigOptions options) {
    return ConfiguredDatabase.use(
        options.load(environment),
        address -> {
          print("The schema has version " + Migrations.migrate(address) + ".");
          return ExitCode.OK;
        });
  }

  @Command(
      description = "Checks whether this program can use the schema; exit code 1 if not.",
      mixinStandardHelpOptions = true,
      versionProvider = CommandLineInterface.Version.class)
  int check(@Mixin ConfigOptions options) {
    return ConfiguredDatabase.use(
        options.load(environment), address -> report(Migrations.check(address)));
  }

  private int report(SchemaState state) {
    return switch (state) {
      case SchemaState.UpToDate(var version) -> {
        print("The schema has version " + version + ", as needed.");
        yield ExitCode.OK;
      }
      case SchemaState.Behind(var current, var wanted) -> {
        print(
            "The schema has version %d, but version %d is needed; run db migrate."
                .formatted(current, wanted));
        yield ExitCode.SOFTWARE;
      }
      case SchemaState.Newer(var current, var wanted, var isUsable) -> {
        print(
            "The schema has version %d, but this program supports only version %d; %s."
                .formatted(current, wanted, isUsable ? "it can still use it" : "use a newer one"));
        yield isUsable ? ExitCode.OK : ExitCode.SOFTWARE;
      }
    };
  }

  private void print(String line) {
    Objects.requireNonNull(spec).commandLine().getOut().println(line);
  }
}
