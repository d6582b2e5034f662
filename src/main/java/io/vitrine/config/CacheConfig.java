package io.vitrine.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Copies of images on this node; an absolute directory.
 *
 * @param nodeUrl the URL of this node, if nodes tell each other what they have cached
 */
public record CacheConfig(
    boolean enabled, Path dir, ByteSize maxSize, Duration stallTime, Optional<String> nodeUrl) {
  static CacheConfig from(Section section, Path dataDir) {
    return new CacheConfig(
        section.flag("enabled"),
        section.path("dir", dataDir.resolve("cache")),
        section.size("max_size", "1", "4096PiB"),
        section.duration("stall_time", "1s", "7d"),
        section.httpUrlText("node_url"));
  }
}
