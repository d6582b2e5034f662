package io.vitrine.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.config.yaml.YamlProcessor;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Loads the configuration from built-in defaults, files and the environment; later sources override
 * earlier ones.
 */
public final class ConfigLoader {
  private final Vertx vertx;
  private final Faults faults = new Faults();

  private ConfigLoader(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Loads and validates the configuration. Blocks; do not call it on an event loop. Throws a {@link
   * ConfigException} with all faults.
   */
  public static VitrineConfig load(List<Path> files, Map<String, String> environment) {
    return load(files, environment, ServeFlags.NONE);
  }

  /** As above, with the command line's settings. */
  public static VitrineConfig load(
      List<Path> files, Map<String, String> environment, ServeFlags flags) {
    var vertx = Vertx.vertx(small());
    try {
      return new ConfigLoader(vertx).read(files, environment, flags);
    } finally {
      vertx.close().await();
    }
  }

  /** A minimal Vert.x for reading files: no spare threads, no cache directory. */
  private static VertxOptions small() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  private VitrineConfig read(List<Path> files, Map<String, String> environment, ServeFlags flags) {
    var schema = defaults();
    var tree = schema.copy();
    var given = new JsonObject();
    files.forEach(file -> given.mergeIn(read(file), true));
    faults.throwIfAny();
    tree.mergeIn(given, true);
    nameBackends(tree, schema);
    given.mergeIn(new EnvironmentVariables(schema, faults).read(environment), true);
    tree.mergeIn(given, true).mergeIn(flags.tree(hasManagementPort(given)), true);
    return VitrineConfig.from(tree, environment, faults);
  }

  private static boolean hasManagementPort(JsonObject given) {
    return given.getValue("management") instanceof JsonObject management
        && management.containsKey("port");
  }

  private JsonObject defaults() {
    try (var resource =
        Objects.requireNonNull(ConfigLoader.class.getResourceAsStream("/vitrine.yaml"))) {
      var yaml = Buffer.buffer(resource.readAllBytes());
      return new YamlProcessor().process(vertx, new JsonObject(), yaml).await();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject read(Path file) {
    if (!Files.isReadable(file) || !Files.isRegularFile(file)) {
      faults.add(file + ": not a readable file");
      return new JsonObject();
    }
    if (isBlank(file)) {
      return new JsonObject();
    }
    var store =
        new ConfigStoreOptions()
            .setType("file")
            .setFormat("yaml")
            .setConfig(JsonObject.of("path", file.toAbsolutePath().toString()));
    var retriever =
        ConfigRetriever.create(
            vertx, new ConfigRetrieverOptions().setScanPeriod(-1).addStore(store));
    try {
      return retriever.getConfig().await();
    } catch (RuntimeException malformed) {
      var cause = malformed.getCause() == null ? malformed : malformed.getCause();
      faults.add(file + ": not a YAML mapping: " + cause.getMessage());
      return new JsonObject();
    } finally {
      retriever.close().await();
    }
  }

  /** Whether there are only comments, which the YAML reader would turn into null. */
  private static boolean isBlank(Path file) {
    try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines.map(String::strip).allMatch(line -> line.isEmpty() || line.startsWith("#"));
    } catch (IOException | UncheckedIOException notText) {
      return false;
    }
  }

  /**
   * Adds the keys of the staging area and of the configured backends, so that environment variables
   * can set them.
   */
  private static void nameBackends(JsonObject tree, JsonObject schema) {
    schema.getJsonObject("stores").put("staging", StoresConfig.stagingDefaults());
    if (tree.getValue("stores") instanceof JsonObject stores
        && stores.getValue("backends") instanceof JsonObject backends) {
      var known = schema.getJsonObject("stores").getJsonObject("backends");
      backends.fieldNames().forEach(id -> known.put(id, StoresConfig.backendDefaults()));
    }
  }
}
