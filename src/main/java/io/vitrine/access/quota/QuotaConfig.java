package io.vitrine.access.quota;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Section;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

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

  /**
   * Selects the registered limits in Keystone; an empty text matches any.
   *
   * @param cacheTtl how long the limits of a project are cached
   */
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

  /** Whether Keystone has the quotas. */
  public boolean isFromKeystone() {
    return source.equals("keystone");
  }

  /** The quotas given here; empty if projects are unlimited. */
  public Optional<Limits> limits() {
    long storage = userStorageQuota.bytes();
    var limits =
        new ProjectLimits(
            source.equals("local") ? amounts() : Map.of(),
            storage == 0 ? OptionalLong.empty() : OptionalLong.of(storage));
    return limits.isNone() ? Optional.empty() : Optional.of(Limits.same(limits));
  }

  private Map<Resource, Long> amounts() {
    return Map.of(
        Resource.IMAGE_SIZE_TOTAL, (long) imageSizeTotal,
        Resource.IMAGE_STAGE_TOTAL, (long) imageStageTotal,
        Resource.IMAGE_COUNT_TOTAL, (long) imageCountTotal,
        Resource.IMAGE_COUNT_UPLOADING, (long) imageCountUploading);
  }
}
