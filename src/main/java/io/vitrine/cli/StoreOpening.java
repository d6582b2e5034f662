package io.vitrine.cli;

import io.vitrine.config.VitrineConfig;
import io.vitrine.store.BlobStore;
import java.io.IOException;
import java.util.List;

/** Opens the stores of a configuration. */
@FunctionalInterface
public interface StoreOpening {
  /** The stores that hold blobs, and the staging area; to be closed by the caller. */
  List<BlobStore> open(VitrineConfig config) throws IOException;
}
