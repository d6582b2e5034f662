package io.vitrine.format.block;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The file that a target writes, by position. Safe for concurrent use. */
public final class TargetFile implements Closeable {
  /** Only this class can make a file longer without writing to it. */
  private final RandomAccessFile file;

  private TargetFile(RandomAccessFile file) {
    this.file = file;
  }

  /** Creates a file, or empties an existing one. */
  public static TargetFile create(Path path) throws IOException {
    var file = new RandomAccessFile(path.toFile(), "rw");
    try {
      // Even an empty file that is emptied is written to the disk by ext4 when it is closed.
      if (file.length() > 0) {
        file.setLength(0);
      }
      return new TargetFile(file);
    } catch (IOException failure) {
      file.close();
      throw failure;
    }
  }

  /** Writes all that is left in the buffer. */
  public void write(long position, ByteBuffer content) throws IOException {
    var channel = file.getChannel();
    for (long at = position; content.hasRemaining(); ) {
      at += channel.write(content, at);
    }
  }

  /** Cuts the file, or makes it longer by a hole. */
  public void setLength(long lengthBytes) throws IOException {
    file.setLength(lengthBytes);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
