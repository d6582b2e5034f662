package io.vitrine.settings;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.format.FormatConfig;
import io.vitrine.format.FormatRules;
import io.vitrine.image.edit.ImageLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The rules for images, and the page sizes of their lists. */
public record ImageConfig(
    ByteSize sizeCap,
    List<String> diskFormats,
    List<String> containerFormats,
    @Key("") FormatConfig format,
    int propertyQuota,
    int tagQuota,
    int memberQuota,
    int locationQuota,
    boolean showMultipleLocations,
    boolean showImageDirectUrl,
    boolean doSecureHash,
    boolean delayedDelete,
    Duration scrubTime,
    int listDefault,
    int listMax,
    Optional<Path> schemaFile) {

  /** Copies the lists. */
  public ImageConfig {
    diskFormats = List.copyOf(diskFormats);
    containerFormats = List.copyOf(containerFormats);
  }

  static ImageConfig from(Section section) {
    var config =
        new ImageConfig(
            section.size("size_cap", "1", "4096PiB"),
            section.texts("disk_formats"),
            section.texts("container_formats"),
            new FormatConfig(
                section.flag("require_format_match"),
                section.texts("vmdk_allowed_types"),
                section.texts("gpt_checks_nonfatal"),
                section.flag("gpt_checks_always")),
            section.integer("property_quota", 0, 1_000_000),
            section.integer("tag_quota", 0, 1_000_000),
            section.integer("member_quota", 0, 1_000_000),
            section.integer("location_quota", 0, 1_000_000),
            section.flag("show_multiple_locations"),
            section.flag("show_image_direct_url"),
            section.flag("do_secure_hash"),
            section.flag("delayed_delete"),
            section.duration("scrub_time", "0s", "3650d"),
            section.integer("list_default", 1, 100_000),
            section.integer("list_max", 1, 100_000),
            section.file("schema_file"));
    section.require(
        config.listDefault <= config.listMax,
        "list_default",
        config.listDefault + " is not allowed; give at most list_max, " + config.listMax);
    return config;
  }

  /** The limits of images. */
  public ImageLimits limits() {
    return new ImageLimits(diskFormats, containerFormats, propertyQuota, tagQuota);
  }

  /** The rules for their data. */
  public FormatRules formatRules() {
    return new FormatRules(format);
  }
}
