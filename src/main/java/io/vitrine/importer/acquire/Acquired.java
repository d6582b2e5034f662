package io.vitrine.importer.acquire;

import io.vitrine.image.Digests;
import io.vitrine.image.Image;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.transfer.stream.BlobSource;
import java.util.Optional;
import java.util.function.Supplier;

/** The data of an import, as it was acquired. */
public sealed interface Acquired {
  /**
   * Data in staging.
   *
   * @param image with the metadata of its source
   * @param digests the data's digests elsewhere, if known
   */
  record Staged(Image image, StoredBlob blob, Optional<Digests> digests) implements Acquired {}

  /**
   * Data that is already in a store of the image.
   *
   * @param source opens a copy; blocks
   */
  record InStore(Supplier<BlobSource> source) implements Acquired {}
}
