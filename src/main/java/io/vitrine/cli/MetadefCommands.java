package io.vitrine.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.catalog.database.Migrations;
import io.vitrine.catalog.database.PgPool;
import io.vitrine.catalog.metadefs.MetadefFiles;
import io.vitrine.catalog.metadefs.MetadefLibrary;
import io.vitrine.cli.command.Version;
import io.vitrine.metadef.LoadMode;
import io.vitrine.metadef.NamespaceDocument;
import io.vitrine.settings.VitrineConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "metadefs",
    description = "Imports and exports metadata definitions.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class MetadefCommands {
  private static final long DEADLINE_SECONDS = 60;

  private final Map<String, String> environment;
  @Spec private @Nullable CommandSpec spec;

  MetadefCommands(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What to do with existing namespaces, in the options of glance-manage. */
  static final class ModeOptions {
    @Option(names = "--merge", description = "Add what existing namespaces lack.")
    private boolean isMerging;

    @Option(
        names = {"--prefer-new", "--prefer_new"},
        description = "With --merge: also replace what differs.")
    private boolean isNewPreferred;

    @Option(
        names = "--overwrite",
        description = "With --merge: delete namespaces that are there already and make them anew.")
    private boolean isOverwriting;

    private LoadMode mode(CommandSpec command) {
      if ((isNewPreferred || isOverwriting) && !isMerging) {
        throw new ParameterException(
            command.commandLine(), "--prefer-new and --overwrite need --merge.");
      }
      if (isNewPreferred && isOverwriting) {
        throw new ParameterException(
            command.commandLine(), "Give one of --prefer-new and --overwrite.");
      }
      if (isNewPreferred) {
        return LoadMode.PREFER_NEW;
      }
      if (isOverwriting) {
        return LoadMode.OVERWRITE;
      }
      return isMerging ? LoadMode.MERGE : LoadMode.SKIP;
    }
  }

  @Command(
      description = "Loads the namespaces of a JSON file, or of all JSON files in a directory.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int load(
      @Mixin ConfigOptions options,
      @Mixin ModeOptions modes,
      @Parameters(paramLabel = "DIR") Path place)
      throws Exception {
    var mode = modes.mode(Objects.requireNonNull(spec));
    var found = MetadefFiles.read(place);
    found.faults().forEach(this::complain);
    int code =
        onLibrary(options.load(environment), library -> loadAll(library, found.documents(), mode));
    return found.faults().isEmpty() ? code : ExitCode.SOFTWARE;
  }

  private int loadAll(MetadefLibrary library, List<NamespaceDocument> documents, LoadMode mode)
      throws Exception {
    for (var document : documents) {
      var name = document.namespace().name();
      boolean isLoaded = await(library.load(document, mode));
      print(isLoaded ? "Loaded " + name + "." : "Skipped " + name + ": it already exists.");
    }
    return ExitCode.OK;
  }

  @Command(
      description = "Deletes all namespaces, protected or not.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int unload(@Mixin ConfigOptions options) throws Exception {
    return onLibrary(
        options.load(environment),
        library -> {
          await(library.unload());
          print("The catalog of metadata definitions is empty.");
          return ExitCode.OK;
        });
  }

  @Command(
      description = "Writes each namespace to a JSON file in a directory.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int export(@Mixin ConfigOptions options, @Parameters(paramLabel = "DIR") Path directory)
      throws Exception {
    return onLibrary(
        options.load(environment),
        library -> {
          var documents = await(library.export());
          MetadefFiles.write(directory, documents);
          print("Wrote %d namespaces.".formatted(documents.size()));
          return ExitCode.OK;
        });
  }

  /** Work on the library. */
  private interface Work {
    int on(MetadefLibrary library) throws Exception;
  }

  private static int onLibrary(VitrineConfig config, Work work) throws Exception {
    return ConfiguredDatabase.use(config, address -> onLibrary(config, address, work));
  }

  private static int onLibrary(VitrineConfig config, DatabaseAddress address, Work work)
      throws Exception {
    if (config.database().isEmbedded()) {
      Migrations.migrate(address);
    } else {
      Migrations.requireUsable(address);
    }
    var vertx = Vertx.vertx();
    try {
      return work.on(new MetadefLibrary(PgPool.open(vertx, address, config.database())));
    } finally {
      await(vertx.close()); // Closes the connections, too.
    }
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private void print(String line) {
    Objects.requireNonNull(spec).commandLine().getOut().println(line);
  }

  private void complain(String line) {
    Objects.requireNonNull(spec).commandLine().getErr().println(line);
  }
}
