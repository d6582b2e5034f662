package io.vitrine.importer.transform;

import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.Image;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.importer.acquire.Acquired;
import io.vitrine.importer.blob.EarlyBlob;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An image's data on its way from staging to the stores.
 *
 * @param source opens the data, once for each store
 * @param declared the formats that it must have
 * @param digests the data's digests elsewhere, if known
 * @param staged the data's digests when it was staged
 * @param properties extra properties to add to the image
 * @param early the data in a store, where it is complete but not yet durable
 */
public record ImportContent(
    Supplier<BlobSource> source,
    Message.Content declared,
    Optional<Digests> digests,
    Optional<Digests> staged,
    Map<String, String> properties,
    Optional<EarlyBlob> early) {
  /** Copies the properties. */
  public ImportContent {
    properties = Map.copyOf(properties);
  }

  /** Data that no store has yet. */
  public ImportContent(
      Supplier<BlobSource> source,
      Message.Content declared,
      Optional<Digests> digests,
      Optional<Digests> staged,
      Map<String, String> properties) {
    this(source, declared, digests, staged, properties, Optional.empty());
  }

  /** Staged data, as it was acquired. */
  static ImportContent ofStaged(Acquired.Staged acquired, Supplier<BlobSource> source) {
    var image = acquired.image();
    return new ImportContent(
        source,
        new Message.Content(
            Objects.requireNonNull(image.diskFormat()),
            Objects.requireNonNull(image.containerFormat())),
        acquired.digests(),
        toDigests(acquired.blob()),
        Map.of());
  }

  /** Data of a store, where it was inspected when it was written. */
  static ImportContent ofCopy(Image image, Supplier<BlobSource> source) {
    return new ImportContent(
        source,
        new Message.Content(
            Objects.requireNonNull(image.diskFormat()),
            Objects.requireNonNull(image.containerFormat()),
            false),
        Optional.ofNullable(image.digests()),
        Optional.empty(),
        Map.of());
  }

  /** Data made from this and staged in its place. */
  public ImportContent replacedBy(Supplier<BlobSource> newSource, StoredBlob blob) {
    return new ImportContent(newSource, declared, Optional.empty(), toDigests(blob), properties);
  }

  /** Data made from this, with unknown digests. */
  public ImportContent changedTo(Supplier<BlobSource> newSource, Message.Content newContent) {
    return new ImportContent(newSource, newContent, Optional.empty(), Optional.empty(), properties);
  }

  private static Optional<Digests> toDigests(StoredBlob blob) {
    return blob.sha512().map(value -> new Digests(null, HashAlgorithm.SHA512, value));
  }

  /** The same with further properties. */
  public ImportContent with(Map<String, String> more) {
    var all = new HashMap<>(properties);
    all.putAll(more);
    return new ImportContent(source, declared, digests, staged, all, early);
  }

  /** The same, of which a store already has all bytes. */
  public ImportContent storedIn(EarlyBlob blob) {
    return new ImportContent(source, declared, digests, staged, properties, Optional.of(blob));
  }
}
