package io.vitrine.cli;

import io.vertx.core.json.JsonObject;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore.Entry;
import java.util.Optional;
import java.util.UUID;

/**
 * A fault in a store.
 *
 * @param kind missing, damaged, orphan, unwanted or abandoned
 * @param image the image that it belongs to; empty if the catalog does not know
 * @param outcome what became of it: found, repaired, removed, or failed
 */
record StoreFault(
    String store, String kind, UUID blob, Optional<UUID> image, long sizeBytes, String outcome) {
  static StoreFault of(String kind, BlobRef blob, long sizeBytes) {
    return new StoreFault(
        blob.store(), kind, blob.id(), Optional.of(blob.image().value()), sizeBytes, "found");
  }

  static StoreFault orphan(String store, Entry entry) {
    return new StoreFault(
        store, "orphan", entry.blob(), Optional.empty(), entry.sizeBytes(), "found");
  }

  StoreFault with(String newOutcome) {
    return new StoreFault(store, kind, blob, image, sizeBytes, newOutcome);
  }

  /** Whether nothing is left to do about it. */
  boolean isSettled() {
    return outcome.equals("repaired") || outcome.equals("removed");
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("store", store)
        .put("kind", kind)
        .put("blob", blob.toString())
        .put("image", image.map(UUID::toString).orElse(null))
        .put("size", sizeBytes)
        .put("outcome", outcome);
  }

  String toLine() {
    return "%-16s %-10s %-36s  %-36s %14d  %s"
        .formatted(store, kind, blob, image.map(UUID::toString).orElse("-"), sizeBytes, outcome);
  }
}
