package io.vitrine.store;

import io.vitrine.image.location.StoreState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which stores of this node work now. */
public final class StoreWatch implements AutoCloseable {
  private static final StoreState UNWATCHED = new StoreState(true, Instant.EPOCH, "");

  private final Map<String, StoreProbe> probes;

  private StoreWatch(Map<String, StoreProbe> probes) {
    this.probes = probes;
  }

  /** Watches nothing: every store is taken to work. */
  public static StoreWatch none() {
    return new StoreWatch(Map.of());
  }

  /** Checks every store in an interval; one that needs longer than the deadline hangs. */
  public static StoreWatch start(List<BlobStore> stores, Duration interval, Duration deadline) {
    return new StoreWatch(
        stores.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    BlobStore::id, store -> new StoreProbe(store, interval, deadline))));
  }

  /** What is known of a store; one that is not watched works. */
  public StoreState state(String store) {
    return Optional.ofNullable(probes.get(store)).map(StoreProbe::state).orElse(UNWATCHED);
  }

  /** A call did not come back in time. */
  void late(String store) {
    Optional.ofNullable(probes.get(store)).ifPresent(StoreProbe::late);
  }

  /** Whether no check of a store is under way, nor will be. */
  boolean isIdle(BlobStore store) {
    return Optional.ofNullable(probes.get(store.id())).map(StoreProbe::isEnded).orElse(true);
  }

  @Override
  public void close() {
    probes.values().forEach(StoreProbe::close);
  }
}
