package io.vitrine.store;

import io.vitrine.image.BlobRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A store that does what the test says before it writes, and remembers what it has opened. */
final class TestingBlobStore implements BlobStore {
  /** Something that may take its time, or fail. */
  interface Hook {
    void run() throws IOException;
  }

  final Queue<FileChannel> opened = new ConcurrentLinkedQueue<>();
  volatile Hook beforeWrite = () -> {};
  volatile Hook beforeCommit = () -> {};

  private final BlobStore target;

  TestingBlobStore(BlobStore target) {
    this.target = target;
  }

  @Override
  public String id() {
    return target.id();
  }

  @Override
  public BlobWriter begin(BlobRef blob) throws IOException {
    var writer = target.begin(blob);
    return new BlobWriter() {
      @Override
      public void write(ByteBuffer... data) throws IOException {
        beforeWrite.run();
        writer.write(data);
      }

      @Override
      public void commit() throws IOException {
        beforeCommit.run();
        writer.commit();
      }

      @Override
      public void abort() {
        writer.abort();
      }
    };
  }

  @Override
  public Optional<FileChannel> open(BlobRef blob) throws IOException {
    var channel = target.open(blob);
    channel.ifPresent(opened::add);
    return channel;
  }

  @Override
  public Optional<Path> file(BlobRef blob) {
    return target.file(blob);
  }

  @Override
  public boolean delete(BlobRef blob) throws IOException {
    return target.delete(blob);
  }
}
