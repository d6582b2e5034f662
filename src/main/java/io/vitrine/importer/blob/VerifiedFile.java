package io.vitrine.importer.blob;

import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.importer.run.DataMismatch;
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.StagedDataLost;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A staged file for a reader that cannot detect damage. The file is hashed while it is read, so
 * that it comes from the disk only once. Blocks, on the worker's virtual threads.
 */
public record VerifiedFile(Path path, Optional<Digests> wanted) {
  /** Work that reads the file. */
  public interface Reading<T, E extends Exception> {
    /** Runs the work and returns its result. */
    T run() throws E;
  }

  /**
   * Runs the work. If the file is damaged, fails with that, whatever the outcome of the work:
   * damage can cause any failure.
   */
  public <T, E extends Exception> T read(Reading<T, E> work) throws E {
    if (wanted.isEmpty()) {
      return work.run();
    }
    var hash = FileHash.start(path, HashAlgorithm.SHA512);
    T result;
    try {
      result = work.run();
    } catch (Throwable failure) {
      if (Failure.of(failure).kind() == Failure.Kind.PERMANENT) {
        require(hash);
      }
      hash.cancel();
      throw failure;
    }
    require(hash);
    return result;
  }

  private void require(FileHash hash) {
    var found = new Digests(null, HashAlgorithm.SHA512, hash.done().await());
    var must = wanted.orElseThrow();
    if (!must.agreesWith(found)) {
      throw new StagedDataLost(DataMismatch.wrongDigest("The staged data", found, must));
    }
  }
}
