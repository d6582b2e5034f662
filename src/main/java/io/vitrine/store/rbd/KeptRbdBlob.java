package io.vitrine.store.rbd;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.KeptBlob;
import io.vitrine.store.blob.StoreFailures;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The image of a blob that takes several requests.
 *
 * <p>One writer has the image open at a time: the cluster tells which clients have, and whether
 * they answer. The image keeps the number of the turn, and whoever has written for {@link #PAUSE}
 * or was stopped looks at it before the next write. A process that does not answer is given that
 * time to notice that another one has its turn. If it was stopped in the middle of a write, up to a
 * block of its own client's data may still arrive where that belongs. Whatever arrives, digests are
 * those of the data: unless all of that has come through one process, they are computed from the
 * snapshot, which never changes.
 */
final class KeptRbdBlob implements KeptBlob {
  private static final Logger log = LoggerFactory.getLogger(KeptRbdBlob.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final String TURN = "vitrine.turn";

  private final RbdBlobStore store;
  private final BlobRef blob;
  private final RbdImage image;
  private final Message.Resumption resumption;
  private final RbdOutput output;

  /** When this was known to be the turn of this writer. */
  private long knownNanos = System.nanoTime();

  KeptRbdBlob(RbdBlobStore store, BlobRef blob, RbdImage image, Message.Resumption resumption) {
    this.store = store;
    this.blob = blob;
    this.image = image;
    this.resumption = resumption;
    this.output = new RbdOutput(image, store.config(), this::requireTurn);
  }

  /** Takes a commit back of which the catalog has not heard, if the data goes on before its end. */
  @Override
  public void start() throws IOException {
    if (image.sizeBytes() < resumption.offset()) {
      throw StoreFailures.lostUpload();
    }
    requireNoLaterTurn();
    image.setMetadata(TURN, Long.toString(resumption.turn()));
    if (image.isWatchedByOthers()) {
      awaitNotice();
    }
    boolean isCommitted = image.hasSnapshot(RbdBlobStore.SNAPSHOT);
    image.showHead();
    if (isCommitted) {
      image.unprotectUnlessDone(RbdBlobStore.SNAPSHOT);
      image.removeSnapshot(RbdBlobStore.SNAPSHOT);
    }
    output.goOnAt(resumption.offset());
    knownNanos = System.nanoTime();
  }

  /**
   * A process that was stopped after it had opened the image may begin when others have gone on.
   */
  private void requireNoLaterTurn() throws CephException {
    long turn = image.metadata(TURN).map(Long::parseLong).orElse(0L);
    if (turn > resumption.turn()) {
      throw othersTurn();
    }
  }

  private static CephException othersTurn() {
    return new CephException("another process goes on with the upload", CephException.EBUSY);
  }

  /** Lets time pass for a process that does not answer, in case it is slow rather than dead. */
  private static void awaitNotice() throws InterruptedIOException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another process may still write");
    }
  }

  /** Asks the cluster if it must, as time may have passed in which another writer began. */
  private void requireTurn(boolean isResize) throws CephException {
    long nanos = System.nanoTime();
    if (isResize || nanos - knownNanos > PAUSE.toNanos()) {
      var turn = image.metadata(TURN).orElse("");
      if (!turn.equals(Long.toString(resumption.turn()))) {
        throw othersTurn();
      }
      knownNanos = nanos;
    }
  }

  @Override
  public void append(ByteBuffer... data) throws IOException {
    output.write(data);
  }

  @Override
  public long keep(boolean isLast) throws IOException {
    long durable = output.writeBlock();
    image.flush();
    return durable;
  }

  @Override
  public void complete() throws IOException {
    output.finish();
    image.snapshot(RbdBlobStore.SNAPSHOT);
  }

  @Override
  public Optional<BlobReader> open() throws IOException {
    return store.open(blob);
  }

  @Override
  public void commit() throws IOException {
    image.protectUnlessDone(RbdBlobStore.SNAPSHOT);
  }

  /** Closes the image, so that others can open it. */
  @Override
  public void close() {
    try (output) {
      image.close();
    } catch (CephException failure) {
      log.atWarn()
          .addKeyValue("blob_id", blob.id())
          .setCause(failure)
          .log("Cannot close the image of an upload");
    } finally {
      store.forget(blob);
    }
  }
}
