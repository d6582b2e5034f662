package io.vitrine.store.rbd;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.locked;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobWriter;
import io.vitrine.store.blob.KeptBlobWriter;
import io.vitrine.store.blob.OwnWriters;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.store.blob.StoreFailures;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs as images of a Ceph pool. A committed one has a protected snapshot "snap", from which Nova
 * and Cinder clone. The RBD image has the id of the blob rather than of the image, so that several
 * attempts to store an image, or copies in several stores of one pool, do not collide.
 *
 * <p>Other images in the pool are never listed, because they lack the store's mark.
 */
public final class RbdBlobStore implements BlobStore {
  /** The snapshot to read and clone. */
  static final String SNAPSHOT = "snap";

  private static final Logger log = LoggerFactory.getLogger(RbdBlobStore.class);
  private static final String MARK = "vitrine.store";
  private static final Pattern NAME =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private final String id;
  private final RbdConfig config;
  private final CephLibraries ceph;

  /** Closes the images that are being written here. */
  private final OwnWriters writers = new OwnWriters();

  private @Nullable RbdPool pool;

  /**
   * A store in a pool; connects on first use.
   *
   * @throws IOException IOException if Ceph's libraries are missing; the message says what to
   *     install
   */
  public RbdBlobStore(String id, RbdConfig config) throws IOException {
    this.id = id;
    this.config = config;
    this.ceph = CephLibraries.load();
  }

  RbdConfig config() {
    return config;
  }

  @Override
  public String id() {
    return id;
  }

  /** The connection; a failed attempt is repeated at the next call. */
  private synchronized RbdPool pool() throws IOException {
    if (pool == null) {
      pool = RbdPool.connect(ceph, config);
    }
    return pool;
  }

  @Override
  public BlobWriter begin(BlobRef blob, OptionalLong expectedBytes) throws IOException {
    create(name(blob), expectedBytes.orElse(0));
    try {
      var image = pool().open(name(blob));
      var writer = new RbdBlobWriter(this, blob, image, expectedBytes.orElse(0));
      writers.add(blob, writer::release);
      image.setMetadata(MARK, id);
      return writer;
    } catch (IOException failure) {
      giveUp(blob);
      throw failure;
    }
  }

  @Override
  public ResumableWriter resume(
      BlobRef blob, Message.Resumption resumption, OptionalLong expectedBytes) throws IOException {
    return writers.open(blob, () -> openKept(blob, resumption));
  }

  private KeptBlobWriter openKept(BlobRef blob, Message.Resumption resumption) throws IOException {
    long offset = resumption.offset();
    var image = openOrCreate(blob, offset);
    try {
      boolean isWhole = image.sizeBytes() == offset && image.hasSnapshot(SNAPSHOT);
      image.showHead();
      if (!isWhole && image.isWatchedByOthersAlive(pool())) {
        throw locked("Another process still writes the data of the upload; try again soon.");
      }
      return new KeptBlobWriter(
          new KeptRbdBlob(this, blob, image, resumption),
          offset,
          isWhole ? OptionalLong.of(offset) : OptionalLong.empty());
    } catch (IOException | RuntimeException failure) {
      image.close();
      throw failure;
    }
  }

  private RbdImage openOrCreate(BlobRef blob, long offset) throws IOException {
    try {
      return pool().open(name(blob));
    } catch (CephException failure) {
      requirePool(absent(failure));
      if (offset > 0) {
        throw StoreFailures.lostUpload();
      }
    }
    create(name(blob), 0);
    var image = pool().open(name(blob));
    try {
      image.setMetadata(MARK, id);
      return image;
    } catch (CephException failure) {
      image.close();
      throw failure;
    }
  }

  private void create(String name, long sizeBytes) throws IOException {
    try {
      pool().create(name, sizeBytes, config.objectSize().bytes());
    } catch (CephException failure) {
      throw failure.is(CephException.EEXIST) ? new FileAlreadyExistsException(name) : failure;
    }
  }

  @Override
  public Optional<BlobReader> open(BlobRef blob) throws IOException {
    try {
      return Optional.of(reader(pool().openSnapshot(name(blob), SNAPSHOT)));
    } catch (CephException failure) {
      return requirePool(absent(failure));
    }
  }

  /** An image counts as missing only if the pool answers. */
  private <T> Optional<T> requirePool(Optional<T> absent) throws IOException {
    pool().check();
    return absent;
  }

  private static BlobReader reader(RbdImage snapshot) throws CephException {
    try {
      return new RbdBlobReader(snapshot, snapshot.sizeBytes());
    } catch (CephException failure) {
      snapshot.close();
      throw failure;
    }
  }

  @Override
  public boolean delete(BlobRef blob) throws IOException {
    writers.end(blob);
    try {
      removeSnapshot(name(blob));
      removeImage(name(blob));
      return true;
    } catch (CephException failure) {
      requirePool(absent(failure));
      requireUnlisted(name(blob));
      return false;
    }
  }

  /**
   * While another process removes an image, it is missing before it leaves the list; if that
   * process fails then, the next attempt removes the rest.
   */
  private void requireUnlisted(String name) throws IOException {
    if (pool().names().contains(name)) {
      throw inUse("Another process removes it.");
    }
  }

  @Override
  public boolean isInUse(BlobRef blob) throws IOException {
    try (var image = pool().look(name(blob))) {
      image.show(SNAPSHOT);
      return image.hasChildren();
    } catch (CephException failure) {
      return absent(failure).isPresent();
    }
  }

  /** Removes the remains of a blob whose writer failed. */
  void giveUp(BlobRef blob) {
    try {
      delete(blob);
    } catch (IOException | ProblemException failure) {
      log.atWarn()
          .addKeyValue("store", id)
          .addKeyValue("blob_id", blob.id())
          .setCause(failure)
          .log("Cannot remove a blob; garbage collection will");
    }
  }

  void forget(BlobRef blob) {
    writers.forget(blob);
  }

  /** Removes the snapshot unless it is in use; the blob is invisible from then on. */
  private void removeSnapshot(String name) throws IOException {
    try (var image = pool().open(name)) {
      if (image.isWatchedByOthers()) {
        throw inUse("The data is being read or written.");
      }
      unprotect(image);
      image.removeSnapshot(SNAPSHOT);
    } catch (CephException failure) {
      if (!failure.is(CephException.ENOENT)) {
        throw failure;
      }
    }
  }

  private static void unprotect(RbdImage image) throws CephException {
    try {
      image.unprotect(SNAPSHOT);
    } catch (CephException failure) {
      if (failure.is(CephException.EBUSY)) {
        throw inUse("Volumes or servers have been cloned from the data.");
      }
      // The snapshot is unprotected if the commit failed early.
      if (!failure.is(CephException.EINVAL)) {
        throw failure;
      }
    }
  }

  /**
   * Removes the image; one with snapshots of others, such as those of v2 clones, goes to the trash.
   */
  private void removeImage(String name) throws IOException {
    try {
      pool().remove(name);
    } catch (CephException failure) {
      if (failure.is(CephException.EBUSY)) {
        throw inUse("The data is being read or written.");
      }
      if (failure.is(CephException.ESTALE)) {
        throw inUse("Another process removes it.");
      }
      if (!failure.is(CephException.ENOTEMPTY)) {
        throw failure;
      }
      pool().moveToTrash(name);
    }
  }

  private static ProblemException inUse(String why) {
    return conflict("The image is in use. " + why);
  }

  @Override
  public void visit(Consumer<Entry> visitor) throws IOException {
    for (var name : pool().names()) {
      if (NAME.matcher(name).matches()) {
        entry(name).ifPresent(visitor);
      }
    }
  }

  /** Empty if the image vanishes meanwhile. */
  private Optional<Entry> entry(String name) throws IOException {
    try (var image = pool().look(name)) {
      if (!image.metadata(MARK).equals(Optional.of(id))) {
        return Optional.empty();
      }
      var changedAt = image.changedAt();
      boolean isCommitted = image.hasSnapshot(SNAPSHOT);
      return Optional.of(
          new Entry(UUID.fromString(name), image.sizeBytes(), isCommitted, changedAt));
    } catch (CephException failure) {
      return absent(failure);
    }
  }

  @Override
  public void check() throws IOException {
    pool().check();
  }

  @Override
  public synchronized void close() {
    if (pool != null) {
      pool.close();
      pool = null;
    }
  }

  private static String name(BlobRef blob) {
    return blob.id().toString();
  }

  private static <T> Optional<T> absent(CephException failure) throws CephException {
    if (failure.is(CephException.ENOENT)) {
      return Optional.empty();
    }
    throw failure;
  }
}
