package io.vitrine.cli;

import io.vertx.core.json.JsonObject;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.BlobStore.Kept;
import java.util.Optional;
import java.util.UUID;

/**
 * A fault in a store.
 *
 * @param kind missing, damaged, orphan, unwanted or abandoned
 * @param image the image that it belongs to; empty if the catalog does not know
 * @param outcome what became of it: found, repaired, removed, or failed
 */
record Finding(
    String store, String kind, UUID blob, Optional<UUID> image, long sizeBytes, String outcome) {
  static Finding of(String kind, BlobRef blob, long sizeBytes) {
    return new Finding(
        blob.store(), kind, blob.id(), Optional.of(blob.image().value()), sizeBytes, "found");
  }

  static Finding orphan(String store, Kept kept) {
    return new Finding(store, "orphan", kept.blob(), Optional.empty(), kept.sizeBytes(), "found");
  }

  Finding with(String newOutcome) {
    return new Finding(store, kind, blob, image, sizeBytes, newOutcome);
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
