package io.vitrine.config;

import java.nio.file.Path;
import java.time.Duration;

/** Copies of images on this node; an absolute directory. */
public record CacheConfig(boolean enabled, Path dir, ByteSize maxSize, Duration stallTime) {
  static CacheConfig from(Section section, Path dataDir) {
    return new CacheConfig(
        section.flag("enabled"),
        section.path("dir", dataDir.resolve("cache")),
        section.size("max_size", "1", "4096PiB"),
        section.duration("stall_time", "1s", "7d"));
  }
}
