package io.vitrine.store.kind;

import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * One backend.
   *
   * @param weight reads prefer the backend with the greatest weight
   * @param dedup whether equal data is stored once
   */
  public record Backend(
      StoreKind kind,
      @Key("") StoreConfig store,
      String description,
      int weight,
      boolean readOnly,
      boolean dedup) {

    private static Backend from(Section section, Path home, StoreKinds kinds) {
      var kind = kinds.read(section);
      return new Backend(
          kind,
          kind.reader().read(section, home),
          section.text("description"),
          section.integer("weight", -1_000_000, 1_000_000),
          section.flag("read_only"),
          section.flag("dedup"));
    }

    /** Whether the backend can be written to. */
    public boolean isWritable() {
      return kind.isWritable() && !readOnly;
    }
  }

  /** The staging area for data that waits for its import. */
  public record Staging(StoreKind kind, @Key("") StoreConfig store) {
    private static Staging from(Section section, Path home, StoreKinds kinds) {
      var kind = kinds.readWritable(section);
      return new Staging(kind, kind.reader().read(section, home));
    }
  }

  /** Copies the backends. */
  public StoresConfig {
    backends = Collections.unmodifiableMap(new LinkedHashMap<>(backends));
  }

  /** Reads the section. */
  public static StoresConfig from(Section section, Path dataDir, StoreKinds kinds) {
    var homes = dataDir.resolve("stores");
    var given =
        section.sections(
            "backends",
            ID,
            kinds.backend(),
            (id, backend) -> Backend.from(backend, homes.resolve(id), kinds));
    var backends = given.isEmpty() ? local(homes, kinds) : given;
    var staging =
        Staging.from(
            section.section("staging", kinds.staging()), dataDir.resolve("staging"), kinds);
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

  /** The only backend if none is configured. */
  private static Map<String, Backend> local(Path homes, StoreKinds kinds) {
    return Map.of(
        "local", Backend.from(Section.of(kinds.backend()), homes.resolve("local"), kinds));
  }

  /** Each of two stores in one bucket would take the other's objects for orphans. */
  private static void requireApart(
      Section section, Map<String, Backend> backends, Staging staging) {
    var places =
        Stream.concat(backends.values().stream().map(Backend::store), Stream.of(staging.store()))
            .map(StoreConfig::place)
            .flatMap(Optional::stream)
            .toList();
    section.require(
        Set.copyOf(places).size() == places.size(),
        "backends",
        "no two stores can have the same bucket and prefix");
  }

  /** Opens the stores of blobs and the staging area; the caller closes them. Blocks. */
  public List<BlobStore> open(StoreSite site) throws IOException {
    var opened = new ArrayList<BlobStore>();
    for (var backend : backends.entrySet()) {
      backend.getValue().store().open(backend.getKey(), site).ifPresent(opened::add);
    }
    staging.store().open(BlobRef.STAGING_STORE, site).ifPresent(opened::add);
    return opened;
  }
}
