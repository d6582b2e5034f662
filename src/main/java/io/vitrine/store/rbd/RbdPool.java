package io.vitrine.store.rbd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A connection to a pool of a cluster. Thread-safe. */
final class RbdPool implements AutoCloseable {
  private static final long LAYERING = 1;
  private static final int FEATURES = 1;
  private static final int ORDER = 2;
  // struct rbd_image_spec_t: the id and the name.
  private static final MemoryLayout SPEC = MemoryLayout.sequenceLayout(2, ADDRESS);
  private static final long POOL_STAT_BYTES = 256;
  private static final int LISTED_AT_FIRST = 1024;
  private static final long NOTIFY_MILLIS = 2000;
  private static final ValueLayout.OfInt COUNT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final CephLibraries ceph;
  private final MemorySegment cluster;
  private final MemorySegment pool;

  private RbdPool(CephLibraries ceph, MemorySegment cluster, MemorySegment pool) {
    this.ceph = ceph;
    this.cluster = cluster;
    this.pool = pool;
  }

  static RbdPool connect(CephLibraries ceph, RbdConfig config) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var made = arena.allocate(ADDRESS);
      ceph.radosCreate.call(
          made, arena.allocateFrom("ceph"), arena.allocateFrom("client." + config.user()), 0L);
      var cluster = made.get(ADDRESS, 0);
      try {
        configure(ceph, cluster, config, arena);
        ceph.radosConnect.call(cluster);
        ceph.radosOpenPool.call(cluster, arena.allocateFrom(config.pool()), made);
        return new RbdPool(ceph, cluster, made.get(ADDRESS, 0));
      } catch (CephException failure) {
        ceph.radosShutdown.run(cluster);
        throw new IOException(
            "no connection to the pool %s of the cluster in %s"
                .formatted(config.pool(), config.confFile()),
            failure);
      }
    }
  }

  private static void configure(
      CephLibraries ceph, MemorySegment cluster, RbdConfig config, Arena arena)
      throws CephException {
    ceph.radosReadConf.call(cluster, arena.allocateFrom(config.confFile().toString()));
    var options =
        List.of(
            List.of("client_mount_timeout", seconds(config.connectTimeout())),
            List.of("rados_mon_op_timeout", seconds(config.operationTimeout())),
            List.of("rados_osd_op_timeout", seconds(config.operationTimeout())),
            // Blocks are large already, and each write must be acknowledged.
            List.of("rbd_cache", "false"));
    for (var option : options) {
      ceph.radosSetConf.call(
          cluster, arena.allocateFrom(option.getFirst()), arena.allocateFrom(option.getLast()));
    }
  }

  private static String seconds(Duration timeout) {
    return Long.toString(Math.max(1, timeout.plusMillis(999).toSeconds()));
  }

  /** Creates a clonable image; fails if the name exists. */
  void create(String name, long sizeBytes, long objectBytes) throws CephException {
    try (var arena = Arena.ofConfined()) {
      var made = arena.allocate(ADDRESS);
      ceph.makeOptions.run(made);
      var options = made.get(ADDRESS, 0);
      try {
        ceph.setOption.call(options, FEATURES, LAYERING);
        ceph.setOption.call(options, ORDER, (long) Long.numberOfTrailingZeros(objectBytes));
        ceph.create.call(pool, arena.allocateFrom(name), sizeBytes, options);
      } finally {
        ceph.freeOptions.run(options);
      }
    }
  }

  /** Opens an image for writing; others cannot remove it meanwhile. */
  RbdImage open(String name) throws CephException {
    try (var arena = Arena.ofConfined()) {
      return open(ceph.open, arena.allocateFrom(name), MemorySegment.NULL);
    }
  }

  /** Opens a snapshot of an image; others cannot remove the image meanwhile. */
  RbdImage openSnapshot(String name, String snapshot) throws CephException {
    try (var arena = Arena.ofConfined()) {
      return open(ceph.open, arena.allocateFrom(name), arena.allocateFrom(snapshot));
    }
  }

  /** Opens an image read-only; others may remove it meanwhile. */
  RbdImage look(String name) throws CephException {
    try (var arena = Arena.ofConfined()) {
      return open(ceph.openReadOnly, arena.allocateFrom(name), MemorySegment.NULL);
    }
  }

  private RbdImage open(NativeFunction function, MemorySegment name, MemorySegment snapshot)
      throws CephException {
    try (var arena = Arena.ofConfined()) {
      var opened = arena.allocate(ADDRESS);
      function.call(pool, name, opened, snapshot);
      return new RbdImage(ceph, opened.get(ADDRESS, 0));
    }
  }

  void remove(String name) throws CephException {
    try (var arena = Arena.ofConfined()) {
      ceph.remove.call(pool, arena.allocateFrom(name));
    }
  }

  /** Moves an image to the trash, where it stays until an operator purges it. */
  void moveToTrash(String name) throws CephException {
    try (var arena = Arena.ofConfined()) {
      ceph.moveToTrash.call(pool, arena.allocateFrom(name), 0L);
    }
  }

  /** The names of all images. */
  List<String> names() throws CephException {
    for (long room = LISTED_AT_FIRST; ; ) {
      try (var arena = Arena.ofConfined()) {
        var count = arena.allocateFrom(JAVA_LONG, room);
        var specs = arena.allocate(SPEC, room);
        try {
          ceph.list.call(pool, specs, count);
        } catch (CephException failure) {
          if (!failure.is(CephException.ERANGE)) {
            throw failure;
          }
          room = count.get(JAVA_LONG, 0) + LISTED_AT_FIRST;
          continue;
        }
        return names(specs, count.get(JAVA_LONG, 0));
      }
    }
  }

  @SuppressWarnings("restricted") // The names are strings of C, whose length is not known before.
  private List<String> names(MemorySegment specs, long count) {
    var names = new ArrayList<String>();
    for (long index = 0; index < count; index++) {
      var name = specs.get(ADDRESS, index * SPEC.byteSize() + ADDRESS.byteSize());
      names.add(name.reinterpret(Long.MAX_VALUE).getString(0));
    }
    ceph.freeList.run(specs, count);
    return names;
  }

  /**
   * How many of those who watch an object answer soon, as a live client of an image does at once.
   */
  int watchersAlive(String object) throws CephException {
    try (var arena = Arena.ofConfined()) {
      var answers = arena.allocate(ADDRESS);
      var size = arena.allocate(JAVA_LONG);
      try {
        ceph.radosNotify.call(
            pool, arena.allocateFrom(object), MemorySegment.NULL, 0, NOTIFY_MILLIS, answers, size);
      } catch (CephException failure) {
        if (!failure.is(CephException.ETIMEDOUT)) {
          throw failure;
        }
      }
      return count(answers.get(ADDRESS, 0), size.get(JAVA_LONG, 0));
    }
  }

  /** The number of answers, with which their list begins, as a little-endian integer. */
  @SuppressWarnings("restricted") // The size of what the library has allocated is known only now.
  private int count(MemorySegment answers, long size) {
    try {
      return size < Integer.BYTES ? 0 : answers.reinterpret(size).get(COUNT, 0);
    } finally {
      ceph.radosFreeBuffer.run(answers);
    }
  }

  /** Sends the cluster a request, to see whether it answers. */
  void check() throws CephException {
    try (var arena = Arena.ofConfined()) {
      ceph.radosPoolStat.call(pool, arena.allocate(POOL_STAT_BYTES, JAVA_LONG.byteAlignment()));
    }
  }

  @Override
  public void close() {
    ceph.radosClosePool.run(pool);
    ceph.radosShutdown.run(cluster);
  }
}
