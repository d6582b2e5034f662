package io.vitrine.importer.blob;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.catalog.blobs.ImportBlobs;
import io.vitrine.image.Image;
import io.vitrine.image.location.BlobRef;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSink;
import io.vitrine.transfer.stream.StoreClient;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins blobs in the journal, and abandons those that are not committed. Every method blocks; call
 * them on the import verticle's virtual threads only, but for {@link #openEarly}.
 */
public final class BlobWrites {
  private static final Logger log = LoggerFactory.getLogger(BlobWrites.class);

  private final Context loop;
  private final ImportBlobs journal;
  private final StoreClient stores;
  private final long maxBytes;

  /**
   * Writes blobs to the stores of this node.
   *
   * @param loop the event loop for transfers
   * @param maxBytes the largest blob accepted
   */
  public BlobWrites(Context loop, ImportBlobs journal, StoreClient stores, long maxBytes) {
    this.loop = loop;
    this.journal = journal;
    this.stores = stores;
    this.maxBytes = maxBytes;
  }

  /** The node whose stores are written to. */
  public String node() {
    return stores.node();
  }

  /** The largest blob accepted. */
  public long maxBytes() {
    return maxBytes;
  }

  /** Begins a blob of the task's image. */
  public BlobRef begin(TaskRun<?> run, BlobPlan plan) {
    return journal.beginForImport(run.task().image(), plan).await();
  }

  /** Opens a begun blob, to write data of a known or unknown length. */
  public BlobSink open(BlobRef blob, Optional<Long> sizeBytes, Optional<Message.Content> content) {
    return stores.write(blob, maxBytes, sizeBytes, content).await();
  }

  /**
   * Begins data of an image, of known size, that is still being made. Blocks, on any thread that
   * may.
   */
  public EarlyBlob openEarly(Image image, String store, long sizeBytes, Message.Content content) {
    var plan = BlobPlan.image(store, node(), Optional.of(sizeBytes));
    var opened = Promise.<EarlyBlob>promise();
    loop.runOnContext(
        now ->
            journal
                .beginForImport(image, plan)
                .compose(blob -> openEarly(blob, sizeBytes, content))
                .onComplete(opened));
    try {
      return opened.future().await();
    } catch (Throwable failure) {
      // Whoever is interrupted does not wait for the outcome.
      opened.future().onSuccess(this::giveUp);
      throw failure;
    }
  }

  private Future<EarlyBlob> openEarly(BlobRef blob, long sizeBytes, Message.Content content) {
    return stores
        .write(blob, maxBytes, Optional.of(sizeBytes), Optional.of(content))
        .map(sink -> new EarlyBlob(blob, sizeBytes, sink, this))
        .onFailure(refused -> giveUp(blob));
  }

  private void giveUp(EarlyBlob early) {
    early.stop();
    giveUp(early.ref());
  }

  /** The event loop for transfers. */
  Context loop() {
    return loop;
  }

  /** Downloads from another server into a blob. */
  public UncommittedBlob download(TaskRun<?> run, Download.Order order) {
    return orAbandon(
        order.blob(),
        () -> {
          var download = Download.start(run.on(loop), stores, order);
          run.begin(download.meter(), download::cancel);
          return new UncommittedBlob(order.blob(), download.done().await());
        });
  }

  /** Runs the work that commits the blob to the catalog; abandons the blob if it fails. */
  public <T> T orAbandon(BlobRef blob, Supplier<T> work) {
    try {
      return work.get();
    } catch (Throwable failure) {
      abandon(blob);
      throw failure;
    }
  }

  /**
   * Abandons a blob unless it was committed after all, which a lost connection may have hidden. If
   * that fails now, the blob is collected when its lease expires. Otherwise its bytes are deleted
   * too: if this process stalled, others may have abandoned the blob before the bytes arrived.
   */
  void abandon(BlobRef blob) {
    try {
      giveUp(blob).otherwiseEmpty().await();
    } catch (Exception stopping) {
      tell(blob, stopping);
    }
  }

  private Future<Boolean> giveUp(BlobRef blob) {
    return journal
        .abort(blob)
        .compose(isKept -> isKept ? Future.succeededFuture(true) : stores.delete(blob, blob.node()))
        .onFailure(failure -> tell(blob, failure));
  }

  private static void tell(BlobRef blob, Throwable failure) {
    log.atInfo()
        .addKeyValue("blob_id", blob.id())
        .addKeyValue("error", failure.toString())
        .log("The blob is left to its lease");
  }
}
