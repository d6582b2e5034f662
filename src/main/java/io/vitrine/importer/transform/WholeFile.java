package io.vitrine.importer.transform;

import io.vitrine.image.Digests;
import io.vitrine.importer.acquire.FileHash;
import io.vitrine.importer.job.Damage;
import io.vitrine.importer.job.Failure;
import io.vitrine.importer.job.StagingLoss;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A staged file that something reads which cannot tell whether it is whole. It is hashed at the
 * same time, so that its data comes from the disk once. Waits, on the worker's virtual threads.
 */
record WholeFile(Path path, Optional<Digests> wanted) {
  /** Something that reads the file. */
  interface Reading<T, E extends Exception> {
    /** What comes of it. */
    T run() throws E;
  }

  /**
   * Does what reads the file. Fails when the file is not what it must be, whatever came of the
   * work, and tells that rather than what damage makes of the data.
   */
  <T, E extends Exception> T read(Reading<T, E> work) throws E {
    if (wanted.isEmpty()) {
      return work.run();
    }
    var hash = FileHash.start(path, "SHA-512");
    T made;
    try {
      made = work.run();
    } catch (Throwable failure) {
      if (Failure.of(failure).kind() == Failure.Kind.VERDICT) {
        require(hash);
      }
      hash.cancel();
      throw failure;
    }
    require(hash);
    return made;
  }

  private void require(FileHash hash) {
    var found = new Digests(null, Digests.SHA512, hash.done().await());
    var must = wanted.orElseThrow();
    if (!must.agreesWith(found)) {
      throw new StagingLoss(Damage.wrongDigest("The staged data", found, must));
    }
  }
}
