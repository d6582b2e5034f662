package io.vitrine.store.file;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the page cache the uploads under way may fill. When one has ended, the system decides
 * how long its data stays. Thread-safe.
 */
final class CacheRoom {
  /** Part of the memory: more would push out what other programs and downloads read often. */
  private static final int SHARE = 4;

  private final AtomicLong freeBytes;

  CacheRoom(long bytes) {
    this.freeBytes = new AtomicLong(bytes);
  }

  /** A quarter of the memory of the machine, or of the container if it is limited. */
  static CacheRoom ofMemory() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new CacheRoom(system.getTotalMemorySize() / SHARE);
  }

  /** Takes room; false if there is less. */
  boolean take(long bytes) {
    return freeBytes.getAndUpdate(free -> free >= bytes ? free - bytes : free) >= bytes;
  }

  void giveBack(long bytes) {
    freeBytes.addAndGet(bytes);
  }
}
