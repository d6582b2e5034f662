package io.vitrine.importer.blob;

import io.vitrine.image.Digests;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.transfer.bus.Message;

/** A blob that is durable in its store but not yet in the catalog. */
public record UncommittedBlob(BlobRef blob, Message.Written written) {
  /** The blob as the catalog records it. */
  public StoredBlob toStored() {
    return new StoredBlob(blob, written.sizeBytes(), written.digests().map(Digests::value));
  }
}
