package io.vitrine.store.node;

import io.vitrine.image.location.StoreRoom;
import io.vitrine.image.location.StoreState;
import io.vitrine.store.blob.BlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tracks which stores of this node work. */
public final class StoreWatch implements AutoCloseable {
  private static final StoreState UNWATCHED = new StoreState(true, Instant.EPOCH, "");

  private final Map<String, StoreProbe> probes;

  private StoreWatch(Map<String, StoreProbe> probes) {
    this.probes = probes;
  }

  /** A watch that takes every store to work. */
  public static StoreWatch none() {
    return new StoreWatch(Map.of());
  }

  /** Checks every store at an interval; one that exceeds the deadline counts as hanging. */
  public static StoreWatch start(List<BlobStore> stores, Duration interval, Duration deadline) {
    return new StoreWatch(
        stores.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    BlobStore::id, store -> new StoreProbe(store, interval, deadline))));
  }

  /** The state of a store; one that is not watched counts as working. */
  public StoreState state(String store) {
    return Optional.ofNullable(probes.get(store)).map(StoreProbe::state).orElse(UNWATCHED);
  }

  /** The room of a store at its last check; empty if it is not watched or cannot tell. */
  public Optional<StoreRoom> room(String store) {
    return Optional.ofNullable(probes.get(store)).flatMap(StoreProbe::room);
  }

  /** Notes that a call to a store exceeded its deadline. */
  void late(String store) {
    Optional.ofNullable(probes.get(store)).ifPresent(StoreProbe::late);
  }

  /** Whether no check of a store is running and none will follow. */
  boolean isIdle(BlobStore store) {
    return Optional.ofNullable(probes.get(store.id())).map(StoreProbe::isEnded).orElse(true);
  }

  @Override
  public void close() {
    probes.values().forEach(StoreProbe::close);
  }
}
