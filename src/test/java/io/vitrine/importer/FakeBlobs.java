package io.vitrine.importer;

import io.vertx.core.Future;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.catalog.blobs.ImportBlobs;
import io.vitrine.image.Image;
import io.vitrine.image.location.BlobRef;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A journal of blobs in memory. */
public final class FakeBlobs implements ImportBlobs {
  private final List<BlobRef> begun = new CopyOnWriteArrayList<>();
  private final List<BlobRef> aborted = new CopyOnWriteArrayList<>();

  @Override
  public Future<BlobRef> beginForImport(Image image, BlobPlan plan) {
    var blob =
        new BlobRef(
            UUID.randomUUID(),
            image.id(),
            plan.purpose(),
            new BlobRef.Place(plan.store(), plan.node()));
    begun.add(blob);
    return Future.succeededFuture(blob);
  }

  @Override
  public Future<Boolean> abort(BlobRef blob) {
    aborted.add(blob);
    return Future.succeededFuture(false);
  }

  /** All blobs, in order. */
  public List<BlobRef> begun() {
    return List.copyOf(begun);
  }

  /** The blobs that were given up. */
  public List<BlobRef> aborted() {
    return List.copyOf(aborted);
  }
}
