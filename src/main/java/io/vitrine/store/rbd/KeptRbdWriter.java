package io.vitrine.store.rbd;

import static io.vitrine.image.problem.ProblemException.missing;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.ResumableWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one request's data of a blob that takes several to its image, which stays when the writer
 * is aborted.
 *
 * <p>One writer has the image open at a time: the cluster tells which clients have, and whether
 * they answer. The image keeps the number of the turn, and whoever has written for {@link #PAUSE}
 * or was stopped looks at it before the next write. A process that does not answer is given that
 * time to notice that another one has its turn. If it was stopped in the middle of a write, up to a
 * block of its own client's data may still arrive where that belongs. Whatever arrives, digests are
 * those of the data: unless all of that has come through one process, they are computed from the
 * snapshot, which never changes.
 *
 * <p>Synchronised, because the blob may be deleted meanwhile.
 */
final class KeptRbdWriter implements ResumableWriter {
  private static final Logger log = LoggerFactory.getLogger(KeptRbdWriter.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final String TURN = "vitrine.turn";

  private final RbdBlobStore store;
  private final BlobRef blob;
  private final RbdImage image;
  private final Beginning beginning;
  private final RbdOutput output;

  /** How many bytes of the blob have come, with those of earlier requests. */
  private long takenBytes;

  /** When this was known to be the turn of this writer. */
  private long knownNanos = System.nanoTime();

  private boolean hasSnapshot;
  private boolean isOpen = true;

  /**
   * Where the writer begins.
   *
   * @param turn counts the requests for the blob from 1
   * @param offset of the next byte
   * @param isWhole whether the image has its snapshot, with just the bytes before the offset
   */
  record Beginning(long turn, long offset, boolean isWhole) {}

  KeptRbdWriter(RbdBlobStore store, BlobRef blob, RbdImage image, Beginning beginning) {
    this.store = store;
    this.blob = blob;
    this.image = image;
    this.beginning = beginning;
    this.output = new RbdOutput(image, store.config(), this::requireTurn);
    this.takenBytes = beginning.offset;
    this.hasSnapshot = beginning.isWhole;
  }

  /** Takes a commit back of which the catalog has not heard, if the data goes on before its end. */
  @Override
  public synchronized void start() throws IOException {
    requireOpen();
    if (beginning.isWhole) {
      return;
    }
    if (image.sizeBytes() < beginning.offset) {
      throw missing("The store has lost data of the upload; begin a new one.");
    }
    image.setMetadata(TURN, Long.toString(beginning.turn));
    if (image.isWatchedByOthers()) {
      awaitNotice();
    }
    boolean isCommitted = image.hasSnapshot(RbdBlobStore.SNAPSHOT);
    image.showHead();
    if (isCommitted) {
      image.unprotectUnlessDone(RbdBlobStore.SNAPSHOT);
      image.removeSnapshot(RbdBlobStore.SNAPSHOT);
    }
    output.goOnAt(beginning.offset);
    knownNanos = System.nanoTime();
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
      if (!turn.equals(Long.toString(beginning.turn))) {
        throw new CephException("another process goes on with the upload", CephException.EBUSY);
      }
      knownNanos = nanos;
    }
  }

  @Override
  public synchronized void write(ByteBuffer... data) throws IOException {
    requireOpen();
    for (var each : data) {
      takenBytes += each.remaining();
    }
    if (hasSnapshot && takenBytes > beginning.offset) {
      throw new IOException("the data is already whole");
    }
    output.write(data);
  }

  private void requireOpen() throws IOException {
    if (!isOpen) {
      throw new IOException("the blob was committed, aborted or deleted");
    }
  }

  @Override
  public synchronized long keep(boolean isLast) throws IOException {
    requireOpen();
    if (!hasSnapshot) {
      output.writeBlock();
      image.flush();
    }
    if (isLast) {
      release();
    }
    return takenBytes;
  }

  @Override
  public synchronized BlobReader seal() throws IOException {
    requireOpen();
    complete();
    var reader = store.open(blob).orElseThrow(() -> new IOException("the snapshot is gone"));
    if (reader.sizeBytes() != takenBytes) {
      reader.close();
      throw new IOException("the image has not the size of the data");
    }
    return reader;
  }

  private void complete() throws CephException {
    if (!hasSnapshot) {
      output.finish();
      image.snapshot(RbdBlobStore.SNAPSHOT);
      hasSnapshot = true;
    }
  }

  @Override
  public synchronized void commit() throws IOException {
    requireOpen();
    try {
      complete();
      image.protectUnlessDone(RbdBlobStore.SNAPSHOT);
    } finally {
      release();
    }
  }

  /** What has been written stays, for another request. */
  @Override
  public synchronized void abort() {
    release();
  }

  /** Closes the image, so that others can open it. */
  synchronized void release() {
    if (isOpen) {
      isOpen = false;
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
}
