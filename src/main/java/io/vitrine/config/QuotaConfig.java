package io.vitrine.config;

import java.time.Duration;
import java.util.List;

/**
 * What each project may have, in MiB and images; -1 is any amount. Those numbers count with source
 * {@code local} only.
 *
 * @param userStorageQuota what a project's images may take, unless Keystone says; 0 for any amount
 */
public record QuotaConfig(
    String source,
    int imageSizeTotal,
    int imageStageTotal,
    int imageCountTotal,
    int imageCountUploading,
    ByteSize userStorageQuota,
    Keystone keystone) {

  /** Which of Keystone's limits are meant, and for how long they are believed. */
  public record Keystone(String serviceId, String regionId, Duration cacheTtl) {
    static Keystone from(Section section) {
      return new Keystone(
          section.text("service_id"),
          section.text("region_id"),
          section.duration("cache_ttl", "0s", "1h"));
    }
  }

  static QuotaConfig from(Section section) {
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
