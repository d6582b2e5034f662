package io.vitrine.store;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobWriter;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** A store that does what the test says before it writes, and remembers what it has opened. */
public final class TestingBlobStore implements BlobStore {
  /** Something that may take its time, or fail. */
  public interface Hook {
    void run() throws IOException;
  }

  final Queue<BlobReader> opened = new ConcurrentLinkedQueue<>();
  volatile Hook beforeWrite = () -> {};
  volatile Hook beforeCommit = () -> {};
  volatile Hook beforeOpen = () -> {};
  public volatile Hook beforeCheck = () -> {};
  volatile Hook beforeDelete = () -> {};

  /** Whether it has been closed. */
  public volatile boolean isClosed;

  /** Whether it gives its data as a stream only. */
  volatile boolean isFileHidden;

  private final BlobStore target;

  public TestingBlobStore(BlobStore target) {
    this.target = target;
  }

  @Override
  public String id() {
    return target.id();
  }

  @Override
  public boolean isShared() {
    return target.isShared();
  }

  @Override
  public BlobWriter begin(BlobRef blob, OptionalLong expectedBytes) throws IOException {
    var writer = target.begin(blob, expectedBytes);
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
  public ResumableWriter resume(
      BlobRef blob, Message.Resumption resumption, OptionalLong expectedBytes) throws IOException {
    return target.resume(blob, resumption, expectedBytes);
  }

  @Override
  public Optional<BlobReader> open(BlobRef blob) throws IOException {
    beforeOpen.run();
    var reader = target.open(blob);
    reader.ifPresent(opened::add);
    return reader;
  }

  @Override
  public Optional<Path> file(BlobRef blob) {
    try {
      beforeOpen.run();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return isFileHidden ? Optional.empty() : target.file(blob);
  }

  @Override
  public boolean delete(BlobRef blob) throws IOException {
    beforeDelete.run();
    return target.delete(blob);
  }

  @Override
  public void visit(Consumer<Entry> visitor) throws IOException {
    target.visit(visitor);
  }

  @Override
  public void check() throws IOException {
    beforeCheck.run();
    target.check();
  }

  @Override
  public void close() {
    isClosed = true;
    target.close();
  }
}
