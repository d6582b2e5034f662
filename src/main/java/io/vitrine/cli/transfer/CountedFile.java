package io.vitrine.cli.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** A file as the body of requests, of which it is known how much has been read. */
final class CountedFile {
  private static final int PIECE_BYTES = 1 << 20;

  private final Path path;
  private final AtomicLong position;

  /**
   * A file to be read.
   *
   * @param position told up to where the file has been read
   */
  CountedFile(Path path, AtomicLong position) {
    this.path = path;
    this.position = position;
  }

  /** The bytes from one position to another. */
  BodyPublisher from(long offset, long end) {
    position.set(offset);
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofInputStream(() -> open(offset)), end - offset);
  }

  private InputStream open(long offset) {
    try {
      var channel = FileChannel.open(path, StandardOpenOption.READ);
      return new Counted(Channels.newInputStream(channel.position(offset)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private final class Counted extends FilterInputStream {
    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      position.addAndGet(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int count = super.read(target, from, Math.min(length, PIECE_BYTES));
      position.addAndGet(Math.max(0, count));
      return count;
    }
  }
}
