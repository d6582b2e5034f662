package io.vitrine.access.quota;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Section;
import java.time.Duration;
import java.util.List;

/**
 * Quotas of each project, in MiB and images; -1 means unlimited. They apply with source {@code
 * local} only.
 *
 * @param userStorageQuota limit on the data of a project's images, unless Keystone has one; 0 means
 *     unlimited
 */
public record QuotaConfig(
    String source,
    int imageSizeTotal,
    int imageStageTotal,
    int imageCountTotal,
    int imageCountUploading,
    ByteSize userStorageQuota,
    Keystone keystone) {

  /** Selects the limits in Keystone, and how long they are cached. */
  public record Keystone(String serviceId, String regionId, Duration cacheTtl) {
    static Keystone from(Section section) {
      return new Keystone(
          section.text("service_id"),
          section.text("region_id"),
          section.duration("cache_ttl", "0s", "1h"));
    }
  }

  /** Reads the section. */
  public static QuotaConfig from(Section section) {
    return new QuotaConfig(
        section.choice("source", List.of("none", "local", "keystone")),
        section.integer("image_size_total", -1, Integer.MAX_VALUE),
        section.integer("image_stage_total", -1, Integer.MAX_VALUE),
        section.integer("image_count_total", -1, Integer.MAX_VALUE),
        section.integer("image_count_uploading", -1, Integer.MAX_VALUE),
        section.size("user_storage_quota", "0", "4096PiB"),
        Keystone.from(section.section("keystone")));
  }
}
