package io.vitrine.upkeep.cache;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Section;
import io.vitrine.net.UrlKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The image cache of this node; its directory is absolute.
 *
 * @param stallTime how long a store may be silent during a fill
 * @param nodeUrl this node's URL, if nodes share an index of their caches
 */
public record CacheConfig(
    boolean enabled, Path dir, ByteSize maxSize, Duration stallTime, Optional<String> nodeUrl) {
  /** Reads the section. */
  public static CacheConfig from(Section section, Path dataDir) {
    return new CacheConfig(
        section.flag("enabled"),
        section.path("dir", dataDir.resolve("cache")),
        section.size("max_size", "1", "4096PiB"),
        section.duration("stall_time", "1s", "7d"),
        UrlKeys.text(section, "node_url"));
  }
}
