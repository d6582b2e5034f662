package io.vitrine.importer.convert;

import io.vitrine.config.Key;
import io.vitrine.config.Section;
import java.util.List;

/**
 * The conversion of images.
 *
 * @param outputFormat the disk format that images are converted to
 * @param qemuImg the converter's name or path
 */
public record ConversionConfig(
    String outputFormat, @Key("") ConversionLimits limits, String qemuImg) {
  /** Reads the section. */
  public static ConversionConfig from(Section section) {
    return new ConversionConfig(
        section.choice("output_format", List.of("raw", "qcow2", "vmdk")),
        ConversionLimits.from(section),
        section.text("qemu_img"));
  }
}
