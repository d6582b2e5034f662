package io.vitrine.importer;

import io.vitrine.bus.Message;
import io.vitrine.image.Digests;
import io.vitrine.image.Image;
import io.vitrine.image.ImportTask;
import io.vitrine.stream.BlobSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An image's data as it is to be stored.
 *
 * @param source opens the data, once for each store
 * @param digests what the data must hash to, where that is known
 */
record Made(Supplier<BlobSource> source, Message.Content content, Optional<Digests> digests) {
  /** Data that is kept as it came. */
  static Made kept(Image image, Supplier<BlobSource> source, Optional<Digests> digests) {
    return new Made(
        source,
        new Message.Content(
            Objects.requireNonNull(image.diskFormat()),
            Objects.requireNonNull(image.containerFormat())),
        digests);
  }

  /** Data that is in a store already, where it has been inspected on its way in. */
  static Made copy(ImportTask task, Supplier<BlobSource> source) {
    return new Made(
        source,
        new Message.Content(
            Objects.requireNonNull(task.image().diskFormat()),
            Objects.requireNonNull(task.image().containerFormat()),
            false),
        Optional.ofNullable(task.image().digests()));
  }
}
