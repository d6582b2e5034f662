package io.vitrine.store.file;

import io.vitrine.store.blob.BlobReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bytes of a file. */
public record FileBlobReader(FileChannel channel) implements BlobReader {
  @Override
  public long sizeBytes() throws IOException {
    return channel.size();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return channel.read(target, position);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
