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
    description = "Looks after the database's schema.",
    mixinStandardHelpOptions = true,
    versionProvider = CommandLineInterface.Version.class)
final class DatabaseCommands {
  private final Map<String, String> environment;
  @Spec private @Nullable CommandSpec spec;

  DatabaseCommands(Map<String, String> environment) {
    this.environment = environment;
  }

  @Command(
      description = "Brings the schema up to this program's version.",
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
      description = "Says whether this program can use the schema; exit code 1 if not.",
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
            "The schema has version %d, needed is %d; run db migrate.".formatted(current, wanted));
        yield ExitCode.SOFTWARE;
      }
      case SchemaState.Newer(var current, var wanted, var isUsable) -> {
        print(
            "The schema has version %d, this program knows only %d; %s."
                .formatted(current, wanted, isUsable ? "it can still use it" : "use a newer one"));
        yield isUsable ? ExitCode.OK : ExitCode.SOFTWARE;
      }
    };
  }

  private void print(String line) {
    Objects.requireNonNull(spec).commandLine().getOut().println(line);
  }
}
