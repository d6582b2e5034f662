package io.vitrine.cli;

import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.location.Verdict;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.upkeep.scrub.Examiner;
import java.util.List;
import java.util.UUID;

/**
 * Compares a store with the catalog in both directions. It looks for stored blobs only; blobs being
 * written are in the catalog too, so they are never mistaken for orphans.
 */
final class StoreCheck {
  private static final int PAGE = 500;
  private static final UUID FIRST = new UUID(0, 0);

  private final StoreSession session;
  private final StoreReport report;
  private final boolean isReading;
  private final boolean isRepairing;

  /**
   * A check that adds to the report.
   *
   * @param isReading whether to read all bytes; otherwise only blobs with a bad verdict are read,
   *     and the others looked up
   * @param isRepairing whether to replace bad bytes from good copies in other stores
   */
  StoreCheck(StoreSession session, StoreReport report, boolean isReading, boolean isRepairing) {
    this.session = session;
    this.report = report;
    this.isReading = isReading;
    this.isRepairing = isRepairing;
  }

  /** Checks one store; a failure of the store becomes part of the report. */
  void of(BlobStore store) {
    try {
      store.check();
      var examiner = session.examiner(store);
      var blobs = new Blobs(store, examiner);
      for (var page = page(store, FIRST); !page.isEmpty(); page = page(store, last(page))) {
        page.forEach(blobs::look);
      }
      report.looked(store.id(), new StoreReport.Looked(blobs.count, blobs.bytes, blobs.elsewhere));
      StoreSession.await(examiner.orphans(session.config().scrub().orphanGrace()))
          .forEach(entry -> report.add(StoreFault.orphan(store.id(), entry)));
    } catch (Exception failure) {
      report.failed(store.id(), failure);
    }
  }

  private List<StoredBlob> page(BlobStore store, UUID after) {
    return StoreSession.await(session.scrub().page(store.id(), after, PAGE));
  }

  private static UUID last(List<StoredBlob> page) {
    return page.getLast().blob().id();
  }

  /** The blobs of one store. */
  private final class Blobs {
    private final BlobStore store;
    private final Examiner examiner;
    private long count;
    private long bytes;
    private long elsewhere;

    Blobs(BlobStore store, Examiner examiner) {
      this.store = store;
      this.examiner = examiner;
    }

    void look(StoredBlob blob) {
      boolean isRead = isReading || blob.known() != Verdict.OK;
      var verdict = StoreSession.await(isRead ? examiner.read(blob) : examiner.glance(blob));
      if (verdict == Verdict.MISSING && !isExpected(blob)) {
        elsewhere++;
        return;
      }
      count++;
      bytes += blob.sizeBytes();
      boolean isNews = isRead || verdict != Verdict.OK;
      if (isNews && StoreSession.await(session.scrub().judge(blob.blob().id(), verdict))) {
        report(blob, verdict);
      }
    }

    private void report(StoredBlob blob, Verdict verdict) {
      if (verdict != Verdict.OK) {
        var finding = StoreFault.of(verdict.text(), blob.blob(), blob.sizeBytes());
        report.add(isRepairing ? finding.with(repair(blob)) : finding);
      }
    }

    private boolean isExpected(StoredBlob blob) {
      return store.isShared() || blob.blob().node().equals(session.node());
    }

    private String repair(StoredBlob blob) {
      try {
        return StoreSession.await(session.repairer().repair(blob)) ? "repaired" : "no good copy";
      } catch (RuntimeException failure) {
        return "failed: " + failure.getMessage();
      }
    }
  }
}
