package io.vitrine.transfer.stream;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.net.stream.DemandedStream;
import io.vitrine.net.stream.SizedStream;
import io.vitrine.transfer.disk.DirectAccess;
import io.vitrine.transfer.disk.DirectReader;
import io.vitrine.transfer.disk.FileExtents;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A range of a local file, read some buffers ahead of the handler. Holes are not read, which would
 * fill the page cache with zeros; files marked for direct I/O bypass the page cache. Belongs to the
 * context that created it.
 */
public final class FileStream extends DemandedStream implements SizedStream {
  private static final Logger log = LoggerFactory.getLogger(FileStream.class);

  private static final int PIECE_BYTES = 256 << 10;
  private static final int PIECES_AHEAD = DirectReader.BLOCK_BYTES / PIECE_BYTES;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Vertx vertx;
  private final BlobSource.InFile source;
  private final FileChannel channel;
  private final FileExtents extents;
  private final Optional<DirectReader> direct;
  private final Queue<Buffer> waiting = new ArrayDeque<>();
  private final long end;
  private long position;
  private Buffer zeros = Buffer.buffer();
  private boolean isRefused;
  private boolean isReading;
  private boolean isDone;
  private @Nullable Throwable failure;

  private FileStream(Vertx vertx, BlobSource.InFile source) throws IOException {
    this.vertx = vertx;
    this.source = source;
    this.channel = FileChannel.open(source.path(), StandardOpenOption.READ);
    this.extents = new FileExtents(source.path(), channel.size());
    this.position = source.range().offset();
    this.direct =
        source.isDirect() && position % DirectAccess.ALIGNMENT == 0
            ? DirectReader.open(source.path())
            : Optional.empty();
    this.end = position + source.sizeBytes();
  }

  /** Opens the file; {@link #abort} or the end closes it. */
  public static Future<SizedStream> open(Vertx vertx, BlobSource.InFile source) {
    return vertx
        .executeBlocking(() -> new FileStream(vertx, source), false)
        .map(Objects::requireNonNull);
  }

  @Override
  public long sizeBytes() {
    return source.sizeBytes();
  }

  @Override
  public void abort() {
    if (!isDone) {
      isDone = true;
      waiting.clear();
      if (!isReading) {
        close();
      }
    }
  }

  @Override
  protected void onDemand(long amount) {
    vertx.runOnContext(later -> deliver());
  }

  private void deliver() {
    while (!isDone && isAsked() && !waiting.isEmpty()) {
      give(waiting.remove());
    }
    if (isDone || isReading) {
      return;
    }
    if (failure == null && position < end && waiting.size() < PIECES_AHEAD) {
      read();
    } else if (isAsked() && waiting.isEmpty()) {
      abort();
      if (failure == null) {
        tellEnd();
      } else {
        tell(failure);
      }
    }
  }

  private void read() {
    isReading = true;
    vertx
        .executeBlocking(this::readAhead, false)
        .map(Objects::requireNonNull)
        .onComplete(this::onRead, this::onFailure);
  }

  private List<Buffer> readAhead() throws IOException {
    var pieces = new ArrayList<Buffer>(PIECES_AHEAD);
    var block = readDirect();
    long at = position;
    while (pieces.size() < PIECES_AHEAD && at < end) {
      int length = (int) Math.min(PIECE_BYTES, end - at);
      if (block.remaining() >= length) {
        pieces.add(take(block, length));
      } else {
        pieces.add(extents.isHole(at, length) ? zeros(length) : read(at, length));
      }
      at += length;
    }
    return pieces;
  }

  /** Reads the next buffers with direct I/O; empty if that is unsupported or not worthwhile. */
  private ByteBuffer readDirect() {
    int length = (int) Math.min(DirectReader.BLOCK_BYTES, end - position);
    if (direct.isEmpty() || isRefused || extents.isHole(position, length)) {
      return NOTHING;
    }
    try {
      return direct.get().read(position);
    } catch (IOException refused) {
      // If the file itself is faulty, an ordinary read shows it.
      isRefused = true;
      return NOTHING;
    }
  }

  private static Buffer take(ByteBuffer block, int length) {
    var piece = new byte[length];
    block.get(piece);
    return Buffer.buffer(piece);
  }

  /** All zeros of a stream share memory, since nobody writes to a buffer. */
  private Buffer zeros(int length) {
    if (zeros.length() == 0) {
      zeros = Buffer.buffer(new byte[PIECE_BYTES]);
    }
    return zeros.slice(0, length);
  }

  private Buffer read(long at, int length) throws IOException {
    var data = ByteBuffer.allocate(length);
    while (data.hasRemaining()) {
      if (channel.read(data, at + data.position()) < 0) {
        throw new EOFException("the file is shorter than it was");
      }
    }
    return Buffer.buffer(data.array());
  }

  private void onRead(List<Buffer> pieces) {
    isReading = false;
    if (isDone) {
      close();
      return;
    }
    waiting.addAll(pieces);
    position += pieces.stream().mapToLong(Buffer::length).sum();
    deliver();
  }

  private void onFailure(Throwable cause) {
    log.atWarn().addKeyValue("file", source.path()).setCause(cause).log("Cannot read a file");
    failure = unavailable("The data cannot be read at the moment; try again later.");
    onRead(List.of());
  }

  private void close() {
    vertx.executeBlocking(
        () -> {
          try (channel;
              extents) {
            if (direct.isPresent()) {
              direct.get().close();
            }
          }
          return true;
        },
        false);
  }
}
