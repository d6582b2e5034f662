package io.vitrine.cli;

import io.vertx.core.Future;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobStore.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Removes blobs that were given up, whose writer is dead, or that the catalog does not know. Ids
 * are never reused, so an unknown blob stays unknown.
 */
final class StoreCollection {
  private static final int MOST = 100_000;
  private static final ImageId NOBODY = new ImageId(new UUID(0, 0));

  private final StoreSession session;
  private final StoreReport report;
  private final boolean isDry;

  /** A collection; a dry one only reports. */
  StoreCollection(StoreSession session, StoreReport report, boolean isDry) {
    this.session = session;
    this.report = report;
    this.isDry = isDry;
  }

  /** Collects from all the given stores. */
  void from(List<BlobStore> stores) {
    var ids = stores.stream().map(BlobStore::id).toList();
    for (var blob : journalled()) {
      if (ids.contains(blob.blob().store()) && !blob.blob().url().isPresent()) {
        var finding = StoreFault.of(blob.kind(), blob.blob(), 0);
        report.add(
            isDry
                ? finding
                : finding.with(remove(blob.blob(), () -> session.unwanted().forget(blob.blob()))));
      }
    }
    leftovers(ids);
    stores.forEach(this::orphans);
  }

  /** Collects bytes that were, or would have been, shared. */
  private void leftovers(List<String> stores) {
    if (!isDry) {
      StoreSession.await(session.contents().release());
    }
    for (var leftover : StoreSession.await(session.contents().leftovers(MOST))) {
      if (stores.contains(leftover.bytes().store())) {
        var finding = StoreFault.of("unwanted", leftover.bytes(), 0);
        report.add(
            isDry
                ? finding
                : finding.with(
                    remove(leftover.bytes(), () -> session.contents().removed(leftover))));
      }
    }
  }

  private record Unwanted(String kind, BlobRef blob) {}

  private List<Unwanted> journalled() {
    var found = new ArrayList<Unwanted>();
    StoreSession.await(session.unwanted().lost())
        .forEach(blob -> found.add(new Unwanted("abandoned", blob)));
    if (!isDry) {
      // Blobs whose image is locked now are given up in the next run.
      StoreSession.await(session.unwanted().abandonLost());
      found.clear();
    }
    StoreSession.await(session.unwanted().page(MOST))
        .forEach(blob -> found.add(new Unwanted("unwanted", blob)));
    return found;
  }

  private String remove(BlobRef blob, Supplier<Future<Void>> forget) {
    try {
      var store = session.store(blob.store()).orElseThrow();
      boolean isHere =
          store.isShared() || blob.node().isEmpty() || blob.node().equals(session.node());
      if (store.delete(blob) || isHere) {
        StoreSession.await(forget.get());
        return "removed";
      }
      return "with node " + blob.node();
    } catch (Exception failure) {
      return "failed: " + failure.getMessage();
    }
  }

  private void orphans(BlobStore store) {
    try {
      store.check();
      var grace = session.config().scrub().orphanGrace();
      for (var kept : StoreSession.await(session.examiner(store).orphans(grace))) {
        var finding = StoreFault.orphan(store.id(), kept);
        report.add(isDry ? finding : finding.with(remove(store, kept)));
      }
    } catch (Exception failure) {
      report.failed(store.id(), failure);
    }
  }

  private String remove(BlobStore store, Entry orphan) {
    try {
      var blob =
          new BlobRef(
              orphan.blob(),
              NOBODY,
              BlobRef.Purpose.IMAGE,
              new BlobRef.Place(store.id(), session.node()));
      return store.delete(blob) ? "removed" : "gone";
    } catch (Exception failure) {
      return "failed: " + failure.getMessage();
    }
  }
}
