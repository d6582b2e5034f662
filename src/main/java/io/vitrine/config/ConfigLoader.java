package io.vitrine.config;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;

/** Loads a configuration from the built-in defaults and its sources. */
public final class ConfigLoader {
  private final Faults faults = new Faults();

  private ConfigLoader() {}

  /**
   * Loads and validates the configuration. Blocks; do not call it on an event loop. Throws a {@link
   * ConfigException} with all faults.
   *
   * @param reader reads every key from the root section
   */
  public static <T> T load(Sources sources, Schema schema, Function<Section, T> reader) {
    return new ConfigLoader().read(sources, schema, reader);
  }

  private <T> T read(Sources sources, Schema schema, Function<Section, T> reader) {
    var defaults = defaults();
    var given = new JsonObject();
    sources.files().forEach(file -> given.mergeIn(read(file), true));
    faults.throwIfAny();
    var keys = schema.keys(defaults, defaults.copy().mergeIn(given, true));
    var variables = new EnvironmentVariables(keys, schema, faults);
    given.mergeIn(variables.read(sources.environment()), true);
    var tree = defaults.mergeIn(given, true).mergeIn(sources.arguments().apply(given), true);
    var config = reader.apply(Section.root(tree, faults));
    faults.addUnknownKeys(tree);
    faults.throwIfAny();
    return config;
  }

  private JsonObject defaults() {
    try (var resource =
        Objects.requireNonNull(ConfigLoader.class.getResourceAsStream("/vitrine.yaml"))) {
      return Yaml.parse(resource.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject read(Path file) {
    if (!Files.isReadable(file) || !Files.isRegularFile(file)) {
      faults.add(file + ": not a readable file");
      return new JsonObject();
    }
    try {
      return Yaml.parse(Files.readAllBytes(file));
    } catch (IOException | RuntimeException malformed) {
      var cause = malformed.getCause() == null ? malformed : malformed.getCause();
      faults.add(file + ": not a YAML mapping: " + cause.getMessage());
      return new JsonObject();
    }
  }
}
