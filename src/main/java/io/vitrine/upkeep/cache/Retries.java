package io.vitrine.upkeep.cache;

import io.vitrine.image.ImageId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The times at which failed images are retried: with exponential backoff, up to a limit. */
final class Retries {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Clock clock;
  private final Map<ImageId, Next> next = new HashMap<>();

  private record Next(Duration pause, Instant at) {}

  Retries(Clock clock) {
    this.clock = clock;
  }

  boolean isDue(ImageId id) {
    var known = next.get(id);
    return known == null || !known.at().isAfter(clock.instant());
  }

  /** Postpones an image after a failed attempt. */
  void postpone(ImageId id) {
    var known = next.get(id);
    var pause = known == null ? FIRST : known.pause().multipliedBy(2);
    var bounded = pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    next.put(id, new Next(bounded, clock.instant().plus(bounded)));
  }

  /** Resets an image because it has been requested. */
  void forget(ImageId id) {
    next.remove(id);
  }

  /** Resets all images but these. */
  void retain(Collection<ImageId> ids) {
    next.keySet().retainAll(ids);
  }
}
