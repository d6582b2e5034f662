package io.vitrine.api.status;

import io.vitrine.image.location.StoreRoom;
import io.vitrine.image.location.StoreState;
import io.vitrine.observe.metrics.SampleRing;
import io.vitrine.upkeep.cache.ImageCache;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the process that answers knows of itself; other processes know the same of themselves.
 *
 * @param program its name, version and roles
 * @param stores what it sees of the stores
 * @param cache its cache, unless that is off
 * @param samples its last hours
 */
public record NodeView(Program program, Stores stores, Optional<Cache> cache, SampleRing samples) {
  /**
   * The process.
   *
   * @param node its name in the configuration
   */
  public record Program(
      String node, String version, String revision, Set<String> roles, Instant startedAt) {
    /** Copies the roles. */
    public Program {
      roles = Set.copyOf(roles);
    }
  }

  /** Its view of the stores by their ids, the staging store included. */
  public record Stores(
      Function<String, StoreState> states, Function<String, Optional<StoreRoom>> rooms) {}

  /**
   * Its cache.
   *
   * @param maxBytes how large it may become
   */
  public record Cache(ImageCache images, long maxBytes) {}
}
