package io.vitrine.cli;

import io.vitrine.cli.command.Version;
import io.vitrine.store.blob.BlobStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "store",
    description = {
      "Checks the stores while servers use them.",
      "Exit code 0: all is well; 1: something was found; 2: something failed."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class StoreCommands {
  private static final int FAILED = 2;

  private final Map<String, String> environment;
  @Spec private @Nullable CommandSpec spec;

  StoreCommands(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The options of both commands. */
  static final class Choice {
    @Option(
        names = "--store",
        paramLabel = "ID",
        description = "Only this store; os_glance_staging_store is the staging area.")
    private @Nullable String store;

    @Option(names = "--json", description = "Print JSON.")
    private boolean isJson;
  }

  @Command(
      description = "Compares the stores with the catalog.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int check(
      @Mixin ConfigOptions options,
      @Mixin Choice choice,
      @Option(names = "--digests", description = "Read all data and compare its digests.")
          boolean digests,
      @Option(
              names = "--repair",
              description = "Replace bad data with a good copy from another store.")
          boolean repair) {
    return run(
        options,
        choice,
        (session, stores, report) -> {
          var check = new StoreCheck(session, report, digests, repair);
          stores.forEach(check::of);
        });
  }

  @Command(
      description = "Removes abandoned data, and data that the catalog does not know.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int gc(
      @Mixin ConfigOptions options,
      @Mixin Choice choice,
      @Option(names = "--dry-run", description = "Only show what would be removed.")
          boolean dryRun) {
    return run(
        options,
        choice,
        (session, stores, report) -> new StoreCollection(session, report, dryRun).from(stores));
  }

  private interface Task {
    void run(StoreSession session, List<BlobStore> stores, StoreReport report);
  }

  private int run(ConfigOptions options, Choice choice, Task task) {
    var command = Objects.requireNonNull(spec).commandLine();
    var config = options.load(environment);
    try {
      return StoreSession.use(
          config,
          session -> {
            var stores = session.stores(Optional.ofNullable(choice.store));
            if (stores.isEmpty()) {
              throw new ParameterException(command, "There is no store \"" + choice.store + "\".");
            }
            var report = new StoreReport();
            task.run(session, stores, report);
            report.print(command.getOut(), choice.isJson);
            return report.code();
          });
    } catch (ParameterException wrong) {
      throw wrong;
    } catch (Exception failure) {
      command
          .getErr()
          .println(Objects.requireNonNullElse(failure.getMessage(), failure.toString()));
      return FAILED;
    }
  }
}
