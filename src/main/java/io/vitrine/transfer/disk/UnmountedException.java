package io.vitrine.transfer.disk;

import java.io.IOException;
import java.nio.file.Path;

/** A directory lacks its mark, most likely because its file system is not mounted. */
public final class UnmountedException extends IOException {
  private static final long serialVersionUID = 1;

  /** The directory that is absent or lacks its mark. */
  public UnmountedException(Path directory) {
    super(
        "%s has no mark of Vitrine: mount its file system, or to use it empty create %s"
            .formatted(directory, directory.resolve(MarkedDirectory.MARK)));
  }
}
