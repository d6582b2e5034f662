package io.vitrine.app;

import io.vertx.core.Vertx;
import io.vitrine.format.FormatRules;
import io.vitrine.image.ImageLimits;
import io.vitrine.image.InjectedProperties;
import io.vitrine.image.task.OutputFormat;
import io.vitrine.importer.ImportConfig;
import io.vitrine.importer.convert.ConversionLimits;
import io.vitrine.importer.convert.QemuImg;
import io.vitrine.importer.convert.Sandbox;
import io.vitrine.importer.decompress.DecompressionLimits;
import io.vitrine.importer.transform.Decompression;
import io.vitrine.importer.transform.ImageConversion;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.MetadataInjection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the import plugins from their configuration. */
record PluginWiring(Vertx vertx, ImportConfig config, FormatRules rules, ImageLimits limits) {
  private static final Logger log = LoggerFactory.getLogger(PluginWiring.class);

  /** The plugins in their configured order. Blocks for tens of milliseconds. */
  List<ImportPlugin> plugins() {
    return config.plugins().stream().map(this::plugin).toList();
  }

  /** The disk format that imports convert images to; empty if they do not convert. */
  static Optional<OutputFormat> outputFormat(ImportConfig config) {
    return config.plugins().contains("image_conversion")
        ? Optional.of(new OutputFormat(config.conversion().outputFormat()))
        : Optional.empty();
  }

  private ImportPlugin plugin(String name) {
    return switch (name) {
      case "image_decompression" -> decompression();
      case "inject_image_metadata" -> new MetadataInjection(injected(config), limits);
      case "image_conversion" -> conversion();
      default -> throw new IllegalArgumentException("no such plugin: " + name);
    };
  }

  private Decompression decompression() {
    var settings = config.decompression();
    return new Decompression(
        new DecompressionLimits(
            settings.maxRatio(),
            settings.ratioFrom().bytes(),
            settings.maxSize().bytes(),
            settings.timeLimit()));
  }

  /** The properties that imports inject; empty if there are none. */
  static InjectedProperties injected(ImportConfig config) {
    var settings = config.injectMetadata();
    return config.plugins().contains("inject_image_metadata")
        ? new InjectedProperties(settings.properties(), Set.copyOf(settings.ignoreRoles()))
        : new InjectedProperties(Map.of(), Set.of());
  }

  private ImageConversion conversion() {
    var settings = config.conversion();
    var sandbox = Sandbox.probe();
    if (!sandbox.missing().isEmpty()) {
      log.warn(
          "conversion runs without these protections: {}", String.join(", ", sandbox.missing()));
    }
    var qemuImg =
        new QemuImg(
            settings.qemuImg(),
            sandbox,
            new ConversionLimits(
                settings.memoryLimit().bytes(),
                settings.cpuLimit(),
                settings.timeLimit(),
                settings.outputLimit().bytes()));
    log.info(
        "conversion: {}",
        qemuImg
            .version()
            .orElse(
                "unavailable, import.conversion.qemu_img is \"%s\" and is not installed; imports"
                        .formatted(settings.qemuImg())
                    + " that need it will fail"));
    return new ImageConversion(vertx, qemuImg, rules, settings.outputFormat());
  }
}
