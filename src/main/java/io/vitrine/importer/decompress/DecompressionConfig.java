package io.vitrine.importer.decompress;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.PluginConfig;
import io.vitrine.importer.transform.PluginKind;
import io.vitrine.importer.transform.PluginSite;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits on the result of a decompression.
 *
 * @param maxRatio the greatest size relative to the compressed data
 * @param ratioFrom a size that is allowed whatever the ratio, since empty disks compress to almost
 *     nothing
 * @param maxSize the greatest size
 * @param timeLimit from start to end
 */
@Key("decompression")
public record DecompressionConfig(
    int maxRatio, ByteSize ratioFrom, ByteSize maxSize, Duration timeLimit)
    implements PluginConfig {

  /** Decompresses images. */
  public static final PluginKind KIND =
      new PluginKind(
          "image_decompression", "decompression", Optional.empty(), DecompressionConfig::from);

  /** Refuses limits under which nothing could be decompressed. */
  public DecompressionConfig {
    if (maxRatio < 1 || maxSize.bytes() < 1 || timeLimit.isNegative() || timeLimit.isZero()) {
      throw new IllegalArgumentException("limits must be more than nothing");
    }
  }

  private static DecompressionConfig from(Section section) {
    return new DecompressionConfig(
        section.integer("max_ratio", 1, 1_000_000),
        section.size("ratio_from", "0", "4096PiB"),
        section.size("max_size", "1", "4096PiB"),
        section.duration("time_limit", "1s", "7d"));
  }

  @Override
  public ImportPlugin open(PluginSite site) {
    return new Decompression(site.vertx(), this);
  }

  /** The greatest size allowed for so many compressed bytes. */
  long boundBytes(long compressedBytes) {
    long maxBytes = maxSize.bytes();
    return compressedBytes > maxBytes / maxRatio
        ? maxBytes
        : Math.min(maxBytes, Math.max(ratioFrom.bytes(), compressedBytes * maxRatio));
  }
}
