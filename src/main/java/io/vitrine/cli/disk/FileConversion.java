package io.vitrine.cli.disk;

import io.vitrine.format.DiskFormats;
import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.conversion.DiskConversion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** Converts a disk into a new image file, which appears only when it is complete. */
public final class FileConversion {
  private final BlockSource source;
  private final NewImage image;
  private final PrintWriter terminal;

  /**
   * Prepares a conversion.
   *
   * @param source not closed by this
   * @param terminal where a progress bar is drawn
   */
  public FileConversion(BlockSource source, NewImage image, PrintWriter terminal) {
    this.source = source;
    this.image = image;
    this.terminal = terminal;
  }

  /**
   * Writes the file. It leaves nothing behind if it fails, is interrupted, or if the process is
   * asked to stop.
   *
   * @param isReplacing whether the destination may be a file that exists
   * @throws FileAlreadyExistsException if the destination must not be replaced
   * @throws InvalidImageException if the source is malformed
   */
  public void to(Path destination, boolean isReplacing) throws IOException, InterruptedException {
    try (var _ = StopSignal.interruptsThisThread();
        var file = StagedFile.beside(destination, isReplacing)) {
      write(file.path());
      file.commit();
    } catch (ClosedByInterruptException interrupted) {
      throw new InterruptedException();
    }
  }

  private void write(Path file) throws IOException, InterruptedException {
    try (var target = DiskFormats.create(file, image)) {
      var copy = new DiskConversion(source, target, Runtime.getRuntime().availableProcessors());
      var bar = new ProgressBar(source.sizeBytes(), System::nanoTime);
      try (var _ = ProgressLine.show(terminal, () -> bar.at(copy.doneBytes()))) {
        copy.run();
      }
    }
  }
}
