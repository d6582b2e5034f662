package io.vitrine.importer.transform;

import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.Image;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.ImportTask;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An image's data, ready to be stored.
 *
 * @param source opens the data, once for each store
 * @param digests the data's digests elsewhere, if known
 * @param staged the data's digests when it was staged
 * @param properties extra properties to add to the image
 */
public record Made(
    Supplier<BlobSource> source,
    Message.Content content,
    Optional<Digests> digests,
    Optional<Digests> staged,
    Map<String, String> properties) {
  /** Copies the properties. */
  public Made {
    properties = Map.copyOf(properties);
  }

  /** Data that is stored unchanged. */
  public static Made kept(
      Image image, Supplier<BlobSource> source, Optional<Digests> digests, StoredBlob staged) {
    return new Made(
        source,
        new Message.Content(
            Objects.requireNonNull(image.diskFormat()),
            Objects.requireNonNull(image.containerFormat())),
        digests,
        toDigests(staged),
        Map.of());
  }

  /** Data that is already in a store, where it was inspected when it was written. */
  public static Made copy(ImportTask task, Supplier<BlobSource> source) {
    return new Made(
        source,
        new Message.Content(
            Objects.requireNonNull(task.image().diskFormat()),
            Objects.requireNonNull(task.image().containerFormat()),
            false),
        Optional.ofNullable(task.image().digests()),
        Optional.empty(),
        Map.of());
  }

  /** Data made from this and staged in its place. */
  Made restaged(Supplier<BlobSource> newSource, StoredBlob blob) {
    return new Made(newSource, content, Optional.empty(), toDigests(blob), properties);
  }

  /** Data made from this, with unknown digests. */
  Made changed(Supplier<BlobSource> newSource, Message.Content newContent) {
    return new Made(newSource, newContent, Optional.empty(), Optional.empty(), properties);
  }

  private static Optional<Digests> toDigests(StoredBlob blob) {
    return blob.sha512().map(value -> new Digests(null, HashAlgorithm.SHA512, value));
  }

  /** The same with further properties. */
  Made with(Map<String, String> more) {
    var all = new HashMap<>(properties);
    all.putAll(more);
    return new Made(source, content, digests, staged, all);
  }
}
