package io.vitrine.importer;

import io.vitrine.image.Digests;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.TaskHead;
import io.vitrine.image.task.TaskLease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes leased imports of one image, a raw disk, to two stores. */
public final class TestingImports {
  private final ImportMethod method;
  private TaskHead head = head(image(null, null), 1);
  private List<String> stores = List.of("a", "b");
  private boolean allMustSucceed = true;
  private Optional<StoredBlob> staged = Optional.empty();
  private List<BlobRef> copies = List.of();
  private Set<String> plugins = Set.of();

  /** Imports by this method. */
  public TestingImports(ImportMethod method) {
    this.method = method;
  }

  public static Image image() {
    return image(null, null);
  }

  public static Image image(@Nullable Long size, @Nullable Digests digests) {
    return image("raw", size, digests);
  }

  /** An image that declares this disk format. */
  public static Image image(String diskFormat) {
    return image(diskFormat, null, null);
  }

  private static Image image(String diskFormat, @Nullable Long size, @Nullable Digests digests) {
    return new Image(
        new ImageId(UUID.randomUUID()),
        new Image.State(
            ImageStatus.IMPORTING,
            new Image.Ownership("a", Visibility.PRIVATE, false, false),
            Instant.EPOCH,
            Instant.EPOCH),
        new Image.Metadata(
            "image", new Image.Requirements(diskFormat, "bare", 0, 0), new TreeSet<>(), Map.of()),
        new Image.Content(size, null, new Image.Hash(null, digests), List.of()));
  }

  /** A first lease on an attempt. */
  public static TaskHead head(Image image, int attempt) {
    return new TaskHead(
        UUID.randomUUID(),
        image,
        "a",
        attempt,
        new TaskLease(1, 0, false, Duration.ZERO, Duration.ZERO),
        Optional.empty());
  }

  public TestingImports head(TaskHead newHead) {
    head = newHead;
    return this;
  }

  public TestingImports stores(String... newStores) {
    stores = List.of(newStores);
    return this;
  }

  /** One failed store does not fail the import. */
  public TestingImports storesMayFail() {
    allMustSucceed = false;
    return this;
  }

  public TestingImports staged(StoredBlob blob) {
    staged = Optional.of(blob);
    return this;
  }

  public TestingImports copies(BlobRef... newCopies) {
    copies = List.of(newCopies);
    return this;
  }

  /** These plugins have been applied. */
  public TestingImports plugins(String... names) {
    plugins = Set.of(names);
    return this;
  }

  public ImportTask task() {
    return new ImportTask(
        head,
        method,
        stores,
        stores,
        allMustSucceed,
        staged,
        Optional.empty(),
        copies,
        Set.of(),
        plugins);
  }
}
