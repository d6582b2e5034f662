package io.vitrine.transfer.disk;

import java.io.IOException;
import java.nio.file.Path;

/** A directory is not the one that was set up, most likely because nothing is mounted there. */
public final class UnmountedException extends IOException {
  private static final long serialVersionUID = 1;

  /** The directory that was found instead, or not at all. */
  public UnmountedException(Path directory) {
    super(
        "%s has no mark of Vitrine: mount its file system, or to use it empty create %s"
            .formatted(directory, directory.resolve(MarkedDirectory.MARK)));
  }
}
