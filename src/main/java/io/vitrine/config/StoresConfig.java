package io.vitrine.config;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The backends that keep image data, by id in the order given, and the staging area. */
public record StoresConfig(
    @Key("default") String defaultBackend, Map<String, Backend> backends, Staging staging) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  /** One backend; its directory is absolute. */
  public record Backend(String kind, Path dir, String description) {}

  /** Where data staged for import waits; absolute. */
  public record Staging(Path dir) {}

  /** Copies the backends. */
  public StoresConfig {
    backends = Collections.unmodifiableMap(new LinkedHashMap<>(backends));
  }

  static StoresConfig from(Section section, Path dataDir) {
    var dirs = dataDir.resolve("stores");
    var given =
        section.sections(
            "backends",
            ID,
            backendDefaults(),
            (id, backend) ->
                new Backend(
                    backend.choice("kind", List.of("file")),
                    backend.path("dir", dirs.resolve(id)),
                    backend.text("description")));
    var backends =
        given.isEmpty() ? Map.of("local", new Backend("file", dirs.resolve("local"), "")) : given;
    var staging = new Staging(section.section("staging").path("dir", dataDir.resolve("staging")));
    var chosen = section.text("default");
    section.require(
        backends.containsKey(chosen),
        "default",
        '"' + chosen + "\" is no backend; give one of " + String.join(", ", backends.keySet()));
    return new StoresConfig(chosen, backends, staging);
  }

  /** The keys of one backend. */
  static JsonObject backendDefaults() {
    return JsonObject.of("kind", "file", "dir", "", "description", "");
  }
}
