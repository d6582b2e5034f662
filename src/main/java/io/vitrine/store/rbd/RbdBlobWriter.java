package io.vitrine.store.rbd;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an image and makes the snapshot to read.
 *
 * <p>Synchronised, because the blob may be deleted meanwhile.
 */
final class RbdBlobWriter implements BlobWriter {
  private static final Logger log = LoggerFactory.getLogger(RbdBlobWriter.class);

  private final RbdBlobStore store;
  private final BlobRef blob;
  private final RbdImage image;
  private final RbdOutput output;
  private boolean isOpen = true;

  RbdBlobWriter(RbdBlobStore store, BlobRef blob, RbdImage image, long imageBytes) {
    this.store = store;
    this.blob = blob;
    this.image = image;
    this.output = new RbdOutput(image, store.config(), imageBytes);
  }

  @Override
  public synchronized void write(ByteBuffer... data) throws IOException {
    requireOpen();
    output.write(data);
  }

  private void requireOpen() throws IOException {
    if (!isOpen) {
      throw new IOException("the blob was committed, aborted or deleted");
    }
  }

  @Override
  public synchronized void commit() throws IOException {
    requireOpen();
    try {
      output.finish();
      image.snapshot(RbdBlobStore.SNAPSHOT);
      image.protect(RbdBlobStore.SNAPSHOT);
      release();
    } catch (IOException failure) {
      abort();
      throw failure;
    }
  }

  @Override
  public synchronized void abort() {
    release();
    store.giveUp(blob);
  }

  /** Closes the image, so that it can be removed. */
  synchronized void release() {
    if (isOpen) {
      isOpen = false;
      store.forget(blob);
      try (output) {
        image.close();
      } catch (CephException failure) {
        log.atWarn()
            .addKeyValue("blob_id", blob.id())
            .setCause(failure)
            .log("Cannot close a blob after writing it");
      }
    }
  }
}
