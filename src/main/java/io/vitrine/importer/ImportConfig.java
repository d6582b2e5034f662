package io.vitrine.importer;

import io.vitrine.config.Key;
import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import io.vitrine.fetch.WebDownloadConfig;
import io.vitrine.image.edit.InjectedProperties;
import io.vitrine.image.task.OutputFormat;
import io.vitrine.importer.convert.ConversionConfig;
import io.vitrine.importer.finish.RetryConfig;
import io.vitrine.importer.inject.InjectionConfig;
import io.vitrine.importer.transform.PluginKind;
import io.vitrine.importer.transform.PluginsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Imports: methods, plugins and limits. */
public record ImportConfig(
    List<String> methods,
    @Key("") PluginsConfig plugins,
    @Key("") SlotsConfig slots,
    @Key("") RetryConfig retries,
    int maxParallelStores,
    Path scratchDir,
    Duration taskTtl,
    WebDownloadConfig webDownload,
    GlanceDownload glanceDownload) {

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

  /** Copies the list. */
  public ImportConfig {
    methods = List.copyOf(methods);
  }

  /** Reads the section. */
  public static ImportConfig from(Section section, Path dataDir, List<PluginKind> plugins) {
    return new ImportConfig(
        section.choices(
            "methods", List.of("glance-direct", "web-download", "copy-image", "glance-download")),
        PluginsConfig.from(section, plugins),
        SlotsConfig.from(section),
        RetryConfig.from(section),
        section.integer("max_parallel_stores", 1, 64),
        section.path("scratch_dir", dataDir.resolve("scratch")),
        section.duration("task_ttl", "1m", "3650d"),
        WebDownloadConfig.from(section.section("web_download")),
        GlanceDownload.from(section.section("glance_download")));
  }

  /** The disk format that imports convert images to; empty if they do not convert. */
  public Optional<OutputFormat> output() {
    return plugins.used(ConversionConfig.class).map(ConversionConfig::output);
  }

  /** The properties that imports inject; empty if there are none. */
  public InjectedProperties injected() {
    return plugins
        .used(InjectionConfig.class)
        .map(InjectionConfig::injected)
        .orElse(InjectedProperties.NONE);
  }
}
