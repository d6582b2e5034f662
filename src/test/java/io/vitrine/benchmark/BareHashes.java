package io.vitrine.benchmark;

import java.lang.management.ManagementFactory;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** The two digests of an upload alone, on two threads: what no upload on two cores can beat. */
final class BareHashes {
  private static final int CHUNK_BYTES = 256 << 10;

  private final byte[] data = new byte[64 << 20];

  BareHashes() {
    new SplittableRandom(2).nextBytes(data);
  }

  /**
   * How fast both were done, and with how much work.
   *
   * @param mibPerSecond by the wall clock
   * @param cpuSeconds of both threads together
   */
  record Result(double mibPerSecond, double cpuSeconds) {}

  Result run(long sizeMib) throws Exception {
    try (var threads = Executors.newFixedThreadPool(2)) {
      long start = System.nanoTime();
      var md5 = threads.submit(digest("MD5", sizeMib));
      var sha512 = threads.submit(digest("SHA-512", sizeMib));
      long cpuNanos = md5.get() + sha512.get();
      return new Result(sizeMib * 1e9 / (System.nanoTime() - start), cpuNanos / 1e9);
    }
  }

  private Callable<Long> digest(String algorithm, long sizeMib) {
    return () -> {
      var threads = ManagementFactory.getThreadMXBean();
      long start = threads.getCurrentThreadCpuTime();
      var digest = MessageDigest.getInstance(algorithm);
      for (long done = 0; done < sizeMib << 20; done += CHUNK_BYTES) {
        digest.update(data, (int) (done % data.length), CHUNK_BYTES);
      }
      if (digest.digest().length == 0) {
        throw new AssertionError("the result keeps the work from being optimised away");
      }
      return threads.getCurrentThreadCpuTime() - start;
    };
  }
}
