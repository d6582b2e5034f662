package io.vitrine.importer.acquire;

import static io.vitrine.image.problem.ProblemException.interrupted;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Hashes a file on a thread of its own; others may read the file at the same time. */
public final class FileHash {
  private static final int READ_BYTES = 256 << 10;

  private final Path file;
  private final String algorithm;
  private final Promise<String> done = Promise.promise();
  private final AtomicLong doneBytes = new AtomicLong();
  private volatile boolean isCancelled;

  private FileHash(Path file, String algorithm) {
    this.file = file;
    this.algorithm = algorithm;
  }

  /**
   * Starts hashing.
   *
   * @param algorithm its JCA name
   */
  public static FileHash start(Path file, String algorithm) {
    var hash = new FileHash(file, algorithm);
    Thread.ofPlatform().name("vitrine-hash").daemon().start(hash::run);
    return hash;
  }

  /** The digest, in lower-case hexadecimal. */
  public Future<String> done() {
    return done.future();
  }

  long doneBytes() {
    return doneBytes.get();
  }

  /** Stops hashing. */
  public void cancel() {
    isCancelled = true;
  }

  private void run() {
    try {
      done.complete(hash());
    } catch (IOException | NoSuchAlgorithmException | RuntimeException | Error failure) {
      done.fail(failure);
    }
  }

  private String hash() throws IOException, NoSuchAlgorithmException {
    var digest = MessageDigest.getInstance(algorithm);
    var buffer = ByteBuffer.allocate(READ_BYTES);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int read = 0; read >= 0; read = channel.read(buffer.clear())) {
        digest.update(buffer.flip());
        doneBytes.addAndGet(Math.max(0, read));
        if (isCancelled) {
          throw interrupted("The verification was given up.");
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
