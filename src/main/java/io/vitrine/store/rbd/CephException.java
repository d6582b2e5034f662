package io.vitrine.store.rbd;

import java.io.IOException;
import java.util.Map;

/** A call of Ceph's libraries that failed. */
final class CephException extends IOException {
  static final int ENOENT = 2;
  static final int EBUSY = 16;
  static final int EEXIST = 17;
  static final int EINVAL = 22;
  static final int ERANGE = 34;
  static final int ENOTEMPTY = 39;
  static final int ETIMEDOUT = 110;
  static final int ESTALE = 116;

  /** The texts of strerror(3), by which a full store is recognised. */
  private static final Map<Integer, String> TEXTS =
      Map.ofEntries(
          Map.entry(1, "Operation not permitted"),
          Map.entry(ENOENT, "No such file or directory"),
          Map.entry(5, "Input/output error"),
          Map.entry(13, "Permission denied"),
          Map.entry(EBUSY, "Device or resource busy"),
          Map.entry(EEXIST, "File exists"),
          Map.entry(EINVAL, "Invalid argument"),
          Map.entry(28, "No space left on device"),
          Map.entry(30, "Read-only file system"),
          Map.entry(ENOTEMPTY, "Directory not empty"),
          Map.entry(95, "Operation not supported"),
          Map.entry(108, "The cluster has locked this client out"),
          Map.entry(ETIMEDOUT, "Connection timed out"),
          Map.entry(ESTALE, "Stale file handle"),
          Map.entry(122, "Disk quota exceeded"));

  private final int number;

  /**
   * A failed call.
   *
   * @param number errno, positive
   */
  CephException(String function, int number) {
    super("%s: %s (%d)".formatted(function, TEXTS.getOrDefault(number, "Error"), number));
    this.number = number;
  }

  boolean is(int other) {
    return number == other;
  }
}
