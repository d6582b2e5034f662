package io.vitrine.cli;

import io.vitrine.config.VitrineConfig;
import io.vitrine.store.BlobStore;
import java.io.IOException;
import java.util.List;

/** Opens the stores of a configuration. */
@FunctionalInterface
public interface StoreOpening {
  /** Opens the stores of blobs and the staging area; the caller closes them. */
  List<BlobStore> open(VitrineConfig config) throws IOException;
}
