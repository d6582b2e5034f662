package io.vitrine.importer;

import io.vertx.core.Vertx;
import io.vitrine.format.FormatRules;
import io.vitrine.image.ImageLimits;
import io.vitrine.importer.convert.QemuImg;
import io.vitrine.importer.convert.Sandbox;
import io.vitrine.importer.transform.Decompression;
import io.vitrine.importer.transform.ImageConversion;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.MetadataInjection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the configured plugins; a new one is one more case here. */
public record ImportPlugins(
    Vertx vertx, ImportConfig config, FormatRules rules, ImageLimits limits) {
  private static final Logger log = LoggerFactory.getLogger(ImportPlugins.class);

  /** The plugins in their configured order. Blocks for tens of milliseconds. */
  public List<ImportPlugin> open() {
    return config.plugins().stream().map(this::plugin).toList();
  }

  private ImportPlugin plugin(String name) {
    return switch (name) {
      case ImportConfig.DECOMPRESSION -> new Decompression(config.decompression());
      case ImportConfig.INJECTION -> new MetadataInjection(config.injected(), limits);
      case ImportConfig.CONVERSION -> conversion();
      default -> throw new IllegalArgumentException("no such plugin: " + name);
    };
  }

  private ImageConversion conversion() {
    var program = config.conversion().qemuImg();
    var sandbox = Sandbox.probe();
    if (!sandbox.missing().isEmpty()) {
      log.atWarn()
          .addKeyValue("missing", String.join(", ", sandbox.missing()))
          .log("Conversion runs without these protections");
    }
    var qemuImg = new QemuImg(program, sandbox, config.conversion().limits());
    qemuImg
        .version()
        .ifPresentOrElse(
            version -> log.atInfo().addKeyValue("version", version).log("Conversion is available"),
            () ->
                log.atWarn()
                    .addKeyValue("qemu_img", program)
                    .log("The converter is not installed; imports that need it will fail"));
    return new ImageConversion(vertx, qemuImg, rules, config.conversion().outputFormat());
  }
}
