package io.vitrine.store.rbd;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Optional;

/** An open image; whoever opens it closes it. */
final class RbdImage implements AutoCloseable {
  private static final long TIMESPEC_BYTES = 16;
  // struct rbd_image_watcher_t: an address, an id and a cookie.
  private static final long WATCHER_BYTES = 24;
  private static final long METADATA_BYTES = 4096;
  private static final long ID_BYTES = 256;

  private final CephLibraries ceph;
  private final MemorySegment image;

  RbdImage(CephLibraries ceph, MemorySegment image) {
    this.ceph = ceph;
    this.image = image;
  }

  long sizeBytes() throws CephException {
    try (var arena = Arena.ofConfined()) {
      var size = arena.allocate(JAVA_LONG);
      ceph.size.call(image, size);
      return size.get(JAVA_LONG, 0);
    }
  }

  void resize(long bytes) throws CephException {
    ceph.resize.call(image, bytes);
  }

  /** Reads into native memory; returns fewer bytes only at the end. */
  int read(long position, MemorySegment target) throws CephException {
    return (int) ceph.read.call(image, position, target.byteSize(), target);
  }

  /** Writes native memory, within the size of the image. */
  void write(long position, MemorySegment source) throws CephException {
    ceph.write.call(image, position, source.byteSize(), source);
  }

  void flush() throws CephException {
    ceph.flush.call(image);
  }

  Instant changedAt() throws CephException {
    try (var arena = Arena.ofConfined()) {
      var time = arena.allocate(TIMESPEC_BYTES, JAVA_LONG.byteAlignment());
      ceph.changedAt.call(image, time);
      return Instant.ofEpochSecond(time.get(JAVA_LONG, 0), time.get(JAVA_LONG, Long.BYTES));
    }
  }

  void setMetadata(String key, String value) throws CephException {
    try (var arena = Arena.ofConfined()) {
      ceph.setMetadata.call(image, arena.allocateFrom(key), arena.allocateFrom(value));
    }
  }

  Optional<String> metadata(String key) throws CephException {
    try (var arena = Arena.ofConfined()) {
      var value = arena.allocate(METADATA_BYTES);
      ceph.getMetadata.call(
          image, arena.allocateFrom(key), value, arena.allocateFrom(JAVA_LONG, METADATA_BYTES));
      return Optional.of(value.getString(0, UTF_8));
    } catch (CephException failure) {
      if (failure.is(CephException.ENOENT)) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /**
   * Whether another client that is alive has the image open; it must be open for writing here. The
   * cluster lists one that was killed or that hangs for some time too, but that answers nothing.
   */
  boolean isWatchedByOthersAlive(RbdPool pool) throws CephException {
    return isWatchedByOthers() && pool.watchersAlive(header()) > 1;
  }

  /** The name of the object that clients watch. */
  private String header() throws CephException {
    try (var arena = Arena.ofConfined()) {
      var id = arena.allocate(ID_BYTES);
      ceph.imageId.call(image, id, ID_BYTES);
      return "rbd_header." + id.getString(0, UTF_8);
    }
  }

  /** Whether any other client has the image open; it must be open for writing here. */
  boolean isWatchedByOthers() throws CephException {
    long room = 1;
    try (var arena = Arena.ofConfined()) {
      var count = arena.allocateFrom(JAVA_LONG, room);
      var watchers = arena.allocate(room * WATCHER_BYTES, JAVA_LONG.byteAlignment());
      ceph.watchers.call(image, watchers, count);
      ceph.freeWatchers.run(watchers, count.get(JAVA_LONG, 0));
      return false;
    } catch (CephException failure) {
      if (failure.is(CephException.ERANGE)) {
        return true;
      }
      throw failure;
    }
  }

  void snapshot(String name) throws CephException {
    try (var arena = Arena.ofConfined()) {
      ceph.createSnapshot.call(image, arena.allocateFrom(name));
    }
  }

  /** Protects a snapshot from removal, which v1 clones require. */
  void protect(String snapshot) throws CephException {
    try (var arena = Arena.ofConfined()) {
      ceph.protectSnapshot.call(image, arena.allocateFrom(snapshot));
    }
  }

  void unprotect(String snapshot) throws CephException {
    try (var arena = Arena.ofConfined()) {
      ceph.unprotectSnapshot.call(image, arena.allocateFrom(snapshot));
    }
  }

  /** Protects a snapshot that may be protected already. */
  void protectUnlessDone(String snapshot) throws CephException {
    try {
      protect(snapshot);
    } catch (CephException failure) {
      if (!failure.is(CephException.EBUSY)) {
        throw failure;
      }
    }
  }

  /** Unprotects a snapshot that may not be protected. */
  void unprotectUnlessDone(String snapshot) throws CephException {
    try {
      unprotect(snapshot);
    } catch (CephException failure) {
      if (!failure.is(CephException.EINVAL)) {
        throw failure;
      }
    }
  }

  void removeSnapshot(String name) throws CephException {
    try (var arena = Arena.ofConfined()) {
      ceph.removeSnapshot.call(image, arena.allocateFrom(name));
    }
  }

  boolean hasSnapshot(String name) throws CephException {
    try {
      show(name);
      return true;
    } catch (CephException failure) {
      if (failure.is(CephException.ENOENT)) {
        return false;
      }
      throw failure;
    }
  }

  /** Switches reads to a snapshot. */
  void show(String snapshot) throws CephException {
    try (var arena = Arena.ofConfined()) {
      ceph.setSnapshot.call(image, arena.allocateFrom(snapshot));
    }
  }

  /** Switches back from a snapshot, which {@link #hasSnapshot} shows too. */
  void showHead() throws CephException {
    ceph.setSnapshot.call(image, MemorySegment.NULL);
  }

  /** Whether the current snapshot has clones. */
  boolean hasChildren() throws CephException {
    try (var arena = Arena.ofConfined()) {
      ceph.children.call(image, MemorySegment.NULL, arena.allocateFrom(JAVA_LONG, 0L));
      return false;
    } catch (CephException failure) {
      if (failure.is(CephException.ERANGE)) {
        return true;
      }
      throw failure;
    }
  }

  @Override
  public void close() throws CephException {
    ceph.close.call(image);
  }
}
