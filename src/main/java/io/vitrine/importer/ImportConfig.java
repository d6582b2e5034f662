package io.vitrine.importer;

import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import io.vitrine.fetch.WebDownloadConfig;
import io.vitrine.image.ImageKeys;
import io.vitrine.image.InjectedProperties;
import io.vitrine.image.task.OutputFormat;
import io.vitrine.importer.convert.ConversionConfig;
import io.vitrine.importer.decompress.DecompressionLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Imports: methods, plugins and limits.
 *
 * @param concurrency concurrent tasks that compute
 * @param downloads concurrent tasks that fetch
 * @param reserve additional tasks of each, for projects that have none running
 * @param patience how long to retry after faults of the service
 */
public record ImportConfig(
    List<String> methods,
    List<String> plugins,
    int concurrency,
    int downloads,
    int reserve,
    int maxAttempts,
    int maxCrashes,
    Duration patience,
    int maxParallelStores,
    Path scratchDir,
    Duration taskTtl,
    DecompressionLimits decompression,
    InjectMetadata injectMetadata,
    ConversionConfig conversion,
    WebDownloadConfig webDownload,
    GlanceDownload glanceDownload) {

  static final String DECOMPRESSION = "image_decompression";
  static final String INJECTION = "inject_image_metadata";
  static final String CONVERSION = "image_conversion";
  private static final List<String> PLUGINS = List.of(DECOMPRESSION, INJECTION, CONVERSION);

  private static final int MAX_NAME = 255;

  /** Extra properties to set on imported images, except those of users with one of the roles. */
  public record InjectMetadata(Map<String, String> properties, List<String> ignoreRoles) {
    /** Copies both. */
    public InjectMetadata {
      properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
      ignoreRoles = List.copyOf(ignoreRoles);
    }

    static InjectMetadata from(Section section) {
      return new InjectMetadata(
          section.textsByName(
              "properties",
              name -> ImageKeys.isExtra(name) && !name.isEmpty() && name.length() <= MAX_NAME,
              "values under names of up to 255 characters that are neither those of other"
                  + " attributes of images nor begin with os_glance"),
          section.texts("ignore_roles"));
    }
  }

  /**
   * Imports of other regions' images.
   *
   * @param extraProperties prefixes of the names of extra properties to copy
   * @param caFile certificate authorities that replace the JDK's
   * @param tokenKey encrypts users' tokens while their imports wait
   */
  public record GlanceDownload(
      List<String> extraProperties, Optional<Path> caFile, Secret tokenKey) {
    private static final int LEAST_KEY = 32;

    /** Copies the list. */
    public GlanceDownload {
      extraProperties = List.copyOf(extraProperties);
    }

    static GlanceDownload from(Section section) {
      var tokenKey = section.secret("token_key");
      section.require(
          tokenKey.value().isEmpty() || tokenKey.value().length() >= LEAST_KEY,
          "token_key",
          "needs at least %d characters".formatted(LEAST_KEY));
      return new GlanceDownload(
          section.texts("extra_properties"), section.file("ca_file"), tokenKey);
    }
  }

  /** Copies the lists. */
  public ImportConfig {
    methods = List.copyOf(methods);
    plugins = List.copyOf(plugins);
  }

  /** Reads the section. */
  public static ImportConfig from(Section section, Path dataDir) {
    var plugins = section.choices("plugins", PLUGINS);
    section.require(
        isOrderly(plugins), "plugins", "each once, and decompression before conversion");
    return new ImportConfig(
        section.choices(
            "methods", List.of("glance-direct", "web-download", "copy-image", "glance-download")),
        plugins,
        section.integer("concurrency", 1, 256),
        section.integer("downloads", 1, 1024),
        section.integer("reserve", 0, 64),
        section.integer("max_attempts", 1, 100),
        section.integer("max_crashes", 1, 100),
        section.duration("patience", "0s", "365d"),
        section.integer("max_parallel_stores", 1, 64),
        section.path("scratch_dir", dataDir.resolve("scratch")),
        section.duration("task_ttl", "1m", "3650d"),
        DecompressionLimits.from(section.section("decompression")),
        InjectMetadata.from(section.section("inject_metadata")),
        ConversionConfig.from(section.section("conversion")),
        WebDownloadConfig.from(section.section("web_download")),
        GlanceDownload.from(section.section("glance_download")));
  }

  /** Decompression comes first, since converted data is not compressed. */
  private static boolean isOrderly(List<String> plugins) {
    return Set.copyOf(plugins).size() == plugins.size()
        && (!plugins.containsAll(List.of(DECOMPRESSION, CONVERSION))
            || plugins.indexOf(DECOMPRESSION) < plugins.indexOf(CONVERSION));
  }

  /** The disk format that imports convert images to; empty if they do not convert. */
  public Optional<OutputFormat> output() {
    return plugins.contains(CONVERSION)
        ? Optional.of(new OutputFormat(conversion.outputFormat()))
        : Optional.empty();
  }

  /** The properties that imports inject; empty if there are none. */
  public InjectedProperties injected() {
    return plugins.contains(INJECTION)
        ? new InjectedProperties(
            injectMetadata.properties(), Set.copyOf(injectMetadata.ignoreRoles()))
        : new InjectedProperties(Map.of(), Set.of());
  }
}
