package io.vitrine.importer.convert;

import io.vitrine.format.block.BlockTarget;
import io.vitrine.importer.blob.EarlyBlob;
import io.vitrine.importer.engine.DiskImage;
import io.vitrine.importer.engine.Disks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Where the result of an early conversion goes. */
sealed interface EarlyTarget {
  /** Creates the image of a disk of this size. Blocks, on the thread of the conversion. */
  BlockTarget create(DiskImage image, long diskBytes) throws IOException;

  /** For what is left to do after the last byte; before, the download is the limit. */
  Optional<Duration> timeLimit();

  /** Removes what only its maker knows of. Blocks, after the conversion has ended. */
  void discard();

  /** A file in the scratch directory, which others remove. */
  record ScratchFile(Path file, Duration limit) implements EarlyTarget {
    @Override
    public BlockTarget create(DiskImage image, long diskBytes) throws IOException {
      return Disks.IN_FILES.create(image, diskBytes);
    }

    @Override
    public Optional<Duration> timeLimit() {
      return Optional.of(limit);
    }

    @Override
    public void discard() {
      // The directory is removed as a whole.
    }
  }

  /**
   * The image's only store, without a copy on the way. How long that takes is up to the store, as
   * with other data that is written to it.
   */
  final class Store implements EarlyTarget {
    private final LongFunction<EarlyBlob> opening;
    private volatile @Nullable EarlyBlob blob;

    /** Begins a blob of a size when the size is known. */
    Store(LongFunction<EarlyBlob> opening) {
      this.opening = opening;
    }

    @Override
    public BlockTarget create(DiskImage image, long diskBytes) {
      var opened = opening.apply(diskBytes);
      blob = opened;
      return new DiskStream(opened);
    }

    /** What was written, unless the conversion failed before. */
    Optional<EarlyBlob> blob() {
      return Optional.ofNullable(blob);
    }

    @Override
    public Optional<Duration> timeLimit() {
      return Optional.empty();
    }

    @Override
    public void discard() {
      blob().ifPresent(EarlyBlob::abandon);
    }
  }
}
