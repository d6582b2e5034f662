package io.vitrine.importer;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Key;
import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import io.vitrine.fetch.UrlConfig;
import io.vitrine.image.ImageKeys;
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
    Decompression decompression,
    InjectMetadata injectMetadata,
    Conversion conversion,
    WebDownload webDownload,
    GlanceDownload glanceDownload) {

  private static final String DECOMPRESSION = "image_decompression";
  private static final String CONVERSION = "image_conversion";
  private static final List<String> PLUGINS =
      List.of(DECOMPRESSION, "inject_image_metadata", CONVERSION);

  private static final int MAX_NAME = 255;

  /**
   * Limits of decompression.
   *
   * @param maxRatio relative to the size of the compressed data
   * @param ratioFrom the ratio applies only to results larger than this
   */
  public record Decompression(
      int maxRatio, ByteSize ratioFrom, ByteSize maxSize, Duration timeLimit) {
    static Decompression from(Section section) {
      return new Decompression(
          section.integer("max_ratio", 1, 1_000_000),
          section.size("ratio_from", "0", "4096PiB"),
          section.size("max_size", "1", "4096PiB"),
          section.duration("time_limit", "1s", "7d"));
    }
  }

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

  /** Limits of the process that converts images. */
  public record Conversion(
      String outputFormat,
      ByteSize memoryLimit,
      Duration cpuLimit,
      Duration timeLimit,
      ByteSize outputLimit,
      String qemuImg) {

    static Conversion from(Section section) {
      return new Conversion(
          section.choice("output_format", List.of("raw", "qcow2", "vmdk")),
          section.size("memory_limit", "64MiB", "1TiB"),
          section.duration("cpu_limit", "1s", "7d"),
          section.duration("time_limit", "1s", "7d"),
          section.size("output_limit", "1", "4096PiB"),
          section.text("qemu_img"));
    }
  }

  /**
   * Downloads.
   *
   * @param urls the permitted URLs
   * @param maxAttempts of a download, and of resuming it in succession without progress
   * @param maxResumes how often a download may be resumed
   * @param retryPause before the first attempt to resume; it doubles
   * @param minRate the least rate in bytes per second, averaged over each window
   * @param timeLimit of one download, over all its connections
   */
  public record WebDownload(
      @Key("") UrlConfig urls,
      int maxRedirects,
      Duration connectTimeout,
      Duration readTimeout,
      int maxAttempts,
      int maxResumes,
      Duration retryPause,
      ByteSize minRate,
      Duration minRateWindow,
      Duration timeLimit) {
    static WebDownload from(Section section) {
      return new WebDownload(
          UrlConfig.from(section),
          section.integer("max_redirects", 0, 20),
          section.duration("connect_timeout", "100ms", "5m"),
          section.duration("read_timeout", "100ms", "1h"),
          section.integer("max_attempts", 1, 100),
          section.integer("max_resumes", 0, 10_000),
          section.duration("retry_pause", "1ms", "1m"),
          section.size("min_rate", "0", "1GiB"),
          section.duration("min_rate_window", "100ms", "1h"),
          section.duration("time_limit", "1s", "30d"));
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
        Decompression.from(section.section("decompression")),
        InjectMetadata.from(section.section("inject_metadata")),
        Conversion.from(section.section("conversion")),
        WebDownload.from(section.section("web_download")),
        GlanceDownload.from(section.section("glance_download")));
  }

  /** Decompression comes first, since converted data is not compressed. */
  private static boolean isOrderly(List<String> plugins) {
    return Set.copyOf(plugins).size() == plugins.size()
        && (!plugins.containsAll(List.of(DECOMPRESSION, CONVERSION))
            || plugins.indexOf(DECOMPRESSION) < plugins.indexOf(CONVERSION));
  }
}
