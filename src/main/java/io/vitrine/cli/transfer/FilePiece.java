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
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A piece of a file as the body of requests, of which it is known how much has been read. Offsets
 * are those within the piece.
 */
final class FilePiece {
  private static final int READ_BYTES = 1 << 20;

  private final Path path;
  private final long from;
  private final long bytes;
  private final AtomicLong sent = new AtomicLong();

  private FilePiece(Path path, long from, long bytes) {
    this.path = path;
    this.from = from;
    this.bytes = bytes;
  }

  /** The pieces of a file that has at least as many bytes; their sizes differ by one at most. */
  static List<FilePiece> split(Path path, long size, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            number -> {
              long from = start(size, count, number);
              return new FilePiece(path, from, start(size, count, number + 1) - from);
            })
        .toList();
  }

  /** The product of size and number may have no room in a long. */
  private static long start(long size, int count, int number) {
    return size / count * number + Math.min(number, size % count);
  }

  long bytes() {
    return bytes;
  }

  /** Up to where the piece has been read. */
  long sent() {
    return sent.get();
  }

  /** Notes that nothing before an offset need be sent. */
  void reach(long offset) {
    sent.set(offset);
  }

  /** What is after an offset. */
  BodyPublisher after(long offset) {
    reach(offset);
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofInputStream(() -> open(offset)), bytes - offset);
  }

  private InputStream open(long offset) {
    try {
      var channel = FileChannel.open(path, StandardOpenOption.READ);
      return new Counted(Channels.newInputStream(channel.position(from + offset)), bytes - offset);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Ends where the piece does, though the file goes on. */
  private final class Counted extends FilterInputStream {
    private long left;

    Counted(InputStream in, long left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int at, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = super.read(target, at, (int) Math.min(left, Math.min(length, READ_BYTES)));
      left -= Math.max(0, count);
      sent.addAndGet(Math.max(0, count));
      return count;
    }
  }
}
