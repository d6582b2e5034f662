package io.vitrine.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The backends that store image data, by id in the given order, and the staging area.
 *
 * @param timeout of a call to a store, after which the store counts as hanging
 * @param instances event loops that read and write data
 */
public record StoresConfig(
    @Key("default") String defaultBackend,
    Duration timeout,
    Duration checkInterval,
    int instances,
    Map<String, Backend> backends,
    Staging staging) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  private static final Pattern DIRECTORY = Pattern.compile("/[^:\\x00]*:[0-9]{1,6}");
  private static final Pattern PERMISSIONS = Pattern.compile("(0?[0-7]{3})?");

  /** The kind of backends with files in directories. */
  public static final String FILE = "file";

  /** The kind of backends with URLs of other servers. */
  public static final String HTTP = "http";

  /** The kind of backends with images in a Ceph pool. */
  public static final String RBD = "rbd";

  /** The kind of backends with objects in an S3 bucket. */
  public static final String S3 = "s3";

  /** The kind of backends with objects in a Swift container. */
  public static final String SWIFT = "swift";

  private static final List<String> WRITABLE_KINDS = List.of(FILE, RBD, S3, SWIFT);
  private static final List<String> KINDS = List.of(FILE, RBD, S3, SWIFT, HTTP);

  /**
   * One backend.
   *
   * @param weight reads prefer the backend with the greatest weight
   * @param dedup whether equal data is stored once
   */
  public record Backend(
      String kind,
      @Key("") Settings settings,
      String description,
      int weight,
      boolean readOnly,
      boolean dedup) {
    /** A backend without deduplication. */
    public Backend(
        String kind, Settings settings, String description, int weight, boolean readOnly) {
      this(kind, settings, description, weight, readOnly, false);
    }

    /** A backend of files. */
    static Backend files(Path dir) {
      return new Backend(FILE, new Settings.Files(dir), "", 0, false);
    }

    /** Whether the backend can be written to. */
    public boolean isWritable() {
      return !(settings instanceof Settings.Web) && !readOnly;
    }
  }

  /** The staging area for data that waits for its import. */
  public record Staging(String kind, @Key("") Settings settings) {}

  /** The settings of one kind of backend. */
  public sealed interface Settings {
    /**
     * Directories of files, by absolute paths.
     *
     * @param dir the only directory, unless dirs is set
     * @param dirs several directories with priorities: {@code /path:200}
     * @param reserve the space to leave free in each
     * @param filePerm octal permissions; empty for those of the process's umask
     * @param directIo whether writes bypass the page cache where supported
     * @param shared whether all nodes see the same files
     */
    record Files(
        Path dir,
        List<String> dirs,
        ByteSize reserve,
        String filePerm,
        boolean thinProvisioning,
        boolean directIo,
        boolean shared)
        implements Settings {
      /** Copies the list. */
      public Files {
        dirs = List.copyOf(dirs);
      }

      /** A directory with default settings. */
      public Files(Path dir) {
        this(dir, List.of(), new ByteSize(0), "", false, true, false);
      }

      private static Files from(Section section, Path dir) {
        return new Files(
            section.path("dir", dir),
            section.texts("dirs", DIRECTORY, "paths with priorities such as /mnt/a:200"),
            section.size("reserve", "0", "1024TiB"),
            section.text("file_perm", PERMISSIONS, "a string such as \"0640\""),
            section.flag("thin_provisioning"),
            section.flag("direct_io"),
            section.flag("shared"));
      }
    }

    /** Images in a Ceph pool. */
    record Rbd(RbdConfig rbd) implements Settings {}

    /** Objects in a Swift container. */
    record Swift(SwiftConfig swift) implements Settings {}

    /** Objects in an S3 bucket. */
    record S3(S3Config s3) implements Settings {}

    /** URLs of other servers. */
    record Web(WebStoreConfig http) implements Settings {}
  }

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
            (id, backend) -> backend(backend, dirs.resolve(id), KINDS));
    var backends = given.isEmpty() ? Map.of("local", Backend.files(dirs.resolve("local"))) : given;
    var staging =
        staging(section.section("staging", stagingDefaults()), dataDir.resolve("staging"));
    var chosen = section.text("default");
    section.require(
        backends.containsKey(chosen),
        "default",
        '"' + chosen + "\" is not a backend; give one of " + String.join(", ", backends.keySet()));
    section.require(
        !backends.containsKey(chosen) || !backends.get(chosen).readOnly(),
        "default",
        '"' + chosen + "\" is read-only; give a writable backend");
    requireApart(section, backends, staging);
    return new StoresConfig(
        chosen,
        section.duration("timeout", "100ms", "1h"),
        section.duration("check_interval", "100ms", "1h"),
        section.integer("instances", 1, 256),
        backends,
        staging);
  }

  /** Each of two stores in one bucket would take the other's objects for orphans. */
  private static void requireApart(
      Section section, Map<String, Backend> backends, Staging staging) {
    var locations =
        Stream.concat(
                backends.values().stream().map(Backend::settings), Stream.of(staging.settings()))
            .flatMap(each -> each instanceof Settings.S3(S3Config s3) ? Stream.of(s3) : Stream.of())
            .map(S3Config::location)
            .toList();
    section.require(
        Set.copyOf(locations).size() == locations.size(),
        "backends",
        "no two stores can have the same bucket and prefix");
  }

  private static Backend backend(Section section, Path dir, List<String> kinds) {
    var kind = section.choice("kind", kinds);
    return new Backend(
        kind,
        settings(kind, section, dir),
        section.text("description"),
        section.integer("weight", -1_000_000, 1_000_000),
        section.flag("read_only"),
        section.flag("dedup"));
  }

  private static Staging staging(Section section, Path dir) {
    var kind = section.choice("kind", WRITABLE_KINDS);
    return new Staging(kind, settings(kind, section, dir));
  }

  private static Settings settings(String kind, Section section, Path dir) {
    return switch (kind) {
      case HTTP -> new Settings.Web(WebStoreConfig.from(section.section("http")));
      case RBD -> new Settings.Rbd(RbdConfig.from(section.section("rbd")));
      case S3 ->
          new Settings.S3(
              S3Config.from(
                  section.section("s3"), Objects.requireNonNull(dir.getFileName()).toString()));
      case SWIFT -> new Settings.Swift(SwiftConfig.from(section.section("swift")));
      default -> Settings.Files.from(section, dir);
    };
  }

  /** The keys of one backend. */
  static JsonObject backendDefaults() {
    return stagingDefaults()
        .put("http", WebStoreConfig.defaults())
        .put("description", "")
        .put("weight", 0)
        .put("read_only", false)
        .put("direct_io", true)
        .put("dedup", false);
  }

  /** The keys of the staging area. Its files are soon read again, so the page cache is used. */
  static JsonObject stagingDefaults() {
    return JsonObject.of("kind", FILE, "dir", "")
        .put("dirs", new JsonArray())
        .put("reserve", 0)
        .put("file_perm", "")
        .put("thin_provisioning", false)
        .put("direct_io", false)
        .put("shared", false)
        .put("rbd", RbdConfig.defaults())
        .put("s3", S3Config.defaults())
        .put("swift", SwiftConfig.defaults());
  }
}
