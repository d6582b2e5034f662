package io.vitrine.importer.blob;

import static io.vitrine.image.problem.ProblemException.interrupted;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vitrine.image.HashAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Hashes a file on a thread of its own; others may read the file at the same time. */
public final class FileHash {
  private static final int READ_BYTES = 256 << 10;

  private final Opening file;
  private final HashAlgorithm algorithm;
  private final Promise<String> done = Promise.promise();
  private final AtomicLong doneBytes = new AtomicLong();
  private volatile boolean isCancelled;

  private FileHash(Opening file, HashAlgorithm algorithm) {
    this.file = file;
    this.algorithm = algorithm;
  }

  /** Opens what is hashed. */
  @FunctionalInterface
  public interface Opening {
    /** All bytes, one after the other; reading them may block. */
    ReadableByteChannel open() throws IOException;
  }

  /** Starts hashing. */
  public static FileHash start(Path file, HashAlgorithm algorithm) {
    return start(() -> FileChannel.open(file, StandardOpenOption.READ), algorithm);
  }

  /** Starts hashing what is opened on the thread. */
  public static FileHash start(Opening file, HashAlgorithm algorithm) {
    var hash = new FileHash(file, algorithm);
    Thread.ofPlatform().name("vitrine-hash").daemon().start(hash::run);
    return hash;
  }

  /** The digest, in lower-case hexadecimal. */
  public Future<String> done() {
    return done.future();
  }

  /** The bytes hashed so far. */
  public long doneBytes() {
    return doneBytes.get();
  }

  /** Stops hashing. */
  public void cancel() {
    isCancelled = true;
  }

  private void run() {
    try {
      done.complete(hash());
    } catch (IOException | RuntimeException | Error failure) {
      done.fail(failure);
    }
  }

  private String hash() throws IOException {
    var digest = algorithm.begin();
    var buffer = ByteBuffer.allocate(READ_BYTES);
    try (var channel = file.open()) {
      for (int read = 0; read >= 0; read = channel.read(buffer.clear())) {
        digest.update(buffer.flip());
        doneBytes.addAndGet(Math.max(0, read));
        if (isCancelled) {
          throw interrupted("The verification was cancelled.");
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
