package io.vitrine.format.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a file that is complete. */
public final class FileSource implements ByteSource {
  private final FileChannel file;
  private final long sizeBytes;

  private FileSource(FileChannel file, long sizeBytes) {
    this.file = file;
    this.sizeBytes = sizeBytes;
  }

  /** Opens a file for reading. */
  public static FileSource open(Path path) throws IOException {
    var file = FileChannel.open(path, StandardOpenOption.READ);
    return new FileSource(file, file.size());
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    if (offset < 0 || offset > sizeBytes - target.remaining()) {
      throw InvalidImageException.cutOff(offset + target.remaining(), sizeBytes);
    }
    long at = offset;
    while (target.hasRemaining()) {
      int count = file.read(target, at);
      if (count < 0) {
        throw new IOException("the file shrank from %d to %d bytes".formatted(sizeBytes, at));
      }
      at += count;
    }
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
