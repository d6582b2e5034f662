package io.vitrine.importer.convert;

import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.image.task.OutputFormat;
import io.vitrine.importer.decompress.DecompressionConfig;
import io.vitrine.importer.engine.BuiltinConverter;
import io.vitrine.importer.engine.ConversionLimits;
import io.vitrine.importer.engine.Converter;
import io.vitrine.importer.qemu.QemuImg;
import io.vitrine.importer.qemu.Sandbox;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.Isolation;
import io.vitrine.importer.transform.PluginConfig;
import io.vitrine.importer.transform.PluginKind;
import io.vitrine.importer.transform.PluginSite;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conversion of images.
 *
 * @param engine what converts: builtin or qemu-img
 * @param outputFormat the disk format that images are converted to
 * @param early whether the engine builtin converts images while they are downloaded
 * @param qemuImg the name or path of qemu-img, for the engine of that name
 */
@Key("conversion")
public record ConversionConfig(
    String engine,
    String outputFormat,
    boolean early,
    @Key("") ConversionLimits limits,
    String qemuImg)
    implements PluginConfig {

  /** Converts images; what is converted is no longer compressed. */
  public static final PluginKind KIND =
      new PluginKind(
          "image_conversion",
          "conversion",
          Optional.of(DecompressionConfig.KIND),
          ConversionConfig::from);

  private static final String BUILTIN = "builtin";
  private static final String QEMU_IMG = "qemu-img";

  private static final Logger log = LoggerFactory.getLogger(ConversionConfig.class);

  private static ConversionConfig from(Section section) {
    return new ConversionConfig(
        section.choice("engine", List.of(BUILTIN, QEMU_IMG)),
        section.choice("output_format", List.of("raw", "qcow2", "vmdk")),
        section.flag("early"),
        ConversionLimits.from(section),
        section.text("qemu_img"));
  }

  /** The disk format that images are converted to. */
  public OutputFormat output() {
    return new OutputFormat(outputFormat);
  }

  private boolean usesQemuImg() {
    return engine.equals(QEMU_IMG);
  }

  @Override
  public ImportPlugin open(PluginSite site) {
    var opened = usesQemuImg() ? ConversionEngine.of(openQemuImg()) : openBuiltin(site);
    return new ImageConversion(site.vertx(), opened, site.rules(), outputFormat);
  }

  private ConversionEngine openBuiltin(PluginSite site) {
    log.atInfo().addKeyValue("engine", engine).log("Conversion is available");
    var converter = new BuiltinConverter(limits);
    return early
        ? new ConversionEngine(
            converter,
            Optional.of(new EarlyConversions(site.vertx(), site.scratch(), limits, output())))
        : ConversionEngine.of(converter);
  }

  private Converter openQemuImg() {
    var sandbox = Sandbox.ofThisMachine();
    if (!sandbox.missing().isEmpty()) {
      log.atWarn()
          .addKeyValue("missing", String.join(", ", sandbox.missing()))
          .log("Conversion runs without these protections");
    }
    var converter = new QemuImg(qemuImg, sandbox, limits);
    converter
        .version()
        .ifPresentOrElse(
            version ->
                log.atInfo()
                    .addKeyValue("engine", engine)
                    .addKeyValue("version", version)
                    .log("Conversion is available"),
            () ->
                log.atWarn()
                    .addKeyValue("engine", engine)
                    .addKeyValue("qemu_img", qemuImg)
                    .log("The converter is not installed; imports that need it will fail"));
    return converter;
  }

  /** The engine builtin starts no process that could be attacked and would need a sandbox. */
  @Override
  public Optional<Isolation> isolation() {
    return Optional.of(
        usesQemuImg()
            ? Sandbox.ofThisMachine().isolationOf(QEMU_IMG)
            : new Isolation(BUILTIN, Map.of("no process", true)));
  }

  @Override
  public Optional<String> remark() {
    return Optional.of(
        "conversion: "
            + (usesQemuImg()
                ? ofQemuImg(Sandbox.ofThisMachine().isolationOf(QEMU_IMG))
                : "in this process; no other program reads images"));
  }

  private String ofQemuImg(Isolation isolation) {
    if (!QemuImg.isInstalled(qemuImg)) {
      return "\"%s\" is not installed, so imports that need it fail".formatted(qemuImg);
    }
    var words = "qemu-img in a sandbox with " + String.join(", ", isolation.held());
    return isolation.missing().isEmpty()
        ? words
        : words + "; not possible on this machine: " + String.join(", ", isolation.missing());
  }

  /**
   * The converter must exist if the configuration names one. The default may be absent: imports
   * that need it report that.
   */
  @Override
  public Optional<String> fault() {
    return !usesQemuImg() || qemuImg.equals(QemuImg.USUAL_NAME) || QemuImg.isInstalled(qemuImg)
        ? Optional.empty()
        : Optional.of(
            "import.conversion.qemu_img: there is no program \"%s\" that can be run; give the path"
                    .formatted(qemuImg)
                + " of qemu-img, or leave the key out to use the one on the PATH.");
  }
}
