package io.vitrine.transfer.disk;

import java.io.IOException;
import java.nio.file.Path;

/** A directory lacks its mark, most likely because its file system is not mounted. */
public final class UnmountedException extends IOException {
  private static final long serialVersionUID = 1;

  /** The directory that is absent or lacks its mark. */
  public UnmountedException(Path directory) {
    super(
        "%s has no marker file: mount its file system, or create %s to use it empty"
            .formatted(directory, directory.resolve(MarkedDirectory.MARK)));
  }
}
