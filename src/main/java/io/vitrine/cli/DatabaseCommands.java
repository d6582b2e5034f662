package io.vitrine.cli;

import io.vitrine.catalog.database.Migrations;
import io.vitrine.cli.command.BoundedDuration;
import io.vitrine.cli.command.Version;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "db",
    description = "Manages the database schema.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DatabaseCommands {
  private final Map<String, String> environment;
  @Spec private @Nullable CommandSpec spec;

  DatabaseCommands(Map<String, String> environment) {
    this.environment = environment;
  }

  @Command(
      description = {
        "Migrates the schema to this program's version.",
        "It may run any number of times, and several times at once. A newer schema stays as it is;"
            + " that is a failure only if this program cannot use it."
      },
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int migrate(
      @Mixin ConfigOptions options,
      @Option(
              names = "--wait",
              paramLabel = "DURATION",
              description = "Ask every second for so long, such as 5m, until the database answers.",
              converter = BoundedDuration.class,
              defaultValue = "0s")
          Duration wait) {
    return ConfiguredDatabase.use(
        options.load(environment),
        address -> {
          waiting(wait).until(() -> SchemaFinding.of(address).ofDatabase());
          out().println(migrated(Migrations.migrate(address), Migrations.version()));
          return ExitCode.OK;
        });
  }

  private static String migrated(int found, int own) {
    return found == own
        ? "The schema has version %d.".formatted(found)
        : ("The schema has version %d, newer than this program's version %d. The program can use"
                + " it; there is nothing to migrate.")
            .formatted(found, own);
  }

  @Command(
      description = {
        "Checks whether this program can use the database.",
        "Exit code 0: it can; 1: the database does not answer, or refuses the login; 2: wrong"
            + " arguments or configuration; 3: the schema must be migrated; 4: the schema is too new."
      },
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int check(
      @Mixin ConfigOptions options,
      @Option(
              names = "--wait",
              paramLabel = "DURATION",
              description =
                  "Ask every second for so long, such as 5m, until the answer is yes. No schema"
                      + " becomes older, so the exit code 4 comes at once.",
              converter = BoundedDuration.class,
              defaultValue = "0s")
          Duration wait) {
    var config = options.load(environment);
    // Nobody else migrates an embedded database while this command runs it.
    var longest = config.database().isEmbedded() ? Duration.ZERO : wait;
    return ConfiguredDatabase.use(
        config,
        address -> {
          var finding = waiting(longest).until(() -> SchemaFinding.of(address));
          (finding.code() == ExitCode.OK ? out() : err()).println(finding.line());
          return finding.code();
        });
  }

  private SchemaWait waiting(Duration longest) {
    return new SchemaWait(longest, SchemaWait.Clock.SYSTEM, err()::println);
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }
}
