package io.vitrine.importer;

import io.vitrine.image.HashClaim;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file being compared with what a user says that it hashes to; runs on a thread that may wait.
 */
final class FileHash implements Callable<Boolean> {
  private static final int READ_BYTES = 256 << 10;

  private final Path file;
  private final HashClaim claim;
  private final AtomicLong doneBytes = new AtomicLong();
  private volatile boolean isCancelled;

  FileHash(Path file, HashClaim claim) {
    this.file = file;
    this.claim = claim;
  }

  long doneBytes() {
    return doneBytes.get();
  }

  /** Stops. */
  void cancel() {
    isCancelled = true;
  }

  /** True; fails unless the file hashes to what is claimed. */
  @Override
  public Boolean call() throws IOException, NoSuchAlgorithmException {
    var digest = MessageDigest.getInstance(claim.javaAlgorithm());
    var buffer = ByteBuffer.allocate(READ_BYTES);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int read = 0; read >= 0; read = channel.read(buffer.clear())) {
        digest.update(buffer.flip());
        doneBytes.addAndGet(Math.max(0, read));
        if (isCancelled) {
          throw new ProblemException(new Problem.Interrupted("The verification was given up."));
        }
      }
    }
    var found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(claim.value())) {
      throw new ProblemException(new Problem.Invalid(claim.mismatch(found)));
    }
    return true;
  }
}
