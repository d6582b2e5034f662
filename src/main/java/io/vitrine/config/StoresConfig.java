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

  /** What backends of kind file are called in the configuration. */
  public static final String FILE = "file";

  /** What backends of kind http are called: their data lies at URLs of other servers. */
  public static final String HTTP = "http";

  /**
   * One backend; its directory, which one of kind http does not use, is absolute.
   *
   * @param weight data is read from the one with the largest first
   */
  public record Backend(String kind, Path dir, String description, int weight, boolean readOnly) {
    /** A backend of files. */
    static Backend files(Path dir) {
      return new Backend(FILE, dir, "", 0, false);
    }

    /** Whether data can be written to it. */
    public boolean isWritable() {
      return kind.equals(FILE) && !readOnly;
    }
  }

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
                    backend.choice("kind", List.of(FILE, HTTP)),
                    backend.path("dir", dirs.resolve(id)),
                    backend.text("description"),
                    backend.integer("weight", -1_000_000, 1_000_000),
                    backend.flag("read_only")));
    var backends = given.isEmpty() ? Map.of("local", Backend.files(dirs.resolve("local"))) : given;
    var staging = new Staging(section.section("staging").path("dir", dataDir.resolve("staging")));
    var chosen = section.text("default");
    section.require(
        backends.containsKey(chosen),
        "default",
        '"' + chosen + "\" is no backend; give one of " + String.join(", ", backends.keySet()));
    section.require(
        !backends.containsKey(chosen) || backends.get(chosen).isWritable(),
        "default",
        '"' + chosen + "\" takes no data; give a backend of kind file that is not read-only");
    section.require(
        backends.values().stream().filter(backend -> backend.kind().equals(HTTP)).count() <= 1,
        "backends",
        "there can be only one of kind http");
    return new StoresConfig(chosen, backends, staging);
  }

  /** The keys of one backend. */
  static JsonObject backendDefaults() {
    return JsonObject.of(
        "kind", FILE, "dir", "", "description", "", "weight", 0, "read_only", false);
  }
}
