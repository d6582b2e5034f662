package io.vitrine.transfer.stream;

import static io.vitrine.image.problem.ProblemException.damaged;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.location.BlobPart;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.stream.DemandedStream;
import io.vitrine.net.stream.SizedStream;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.Peers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A blob on another node, requested piece by piece, some ahead of the handler. Messages between
 * nodes may be lost, so a missing piece is requested again until the node has been silent for too
 * long. Belongs to the context that created it.
 */
final class PieceStream extends DemandedStream implements SizedStream {
  private static final int PIECE_BYTES = 256 << 10;
  private static final int MAX_PIECES_AHEAD = 8;
  private static final Duration RETRY_PAUSE = Duration.ofMillis(500);

  private final Vertx vertx;
  private final Peers peers;
  private final BlobRef blob;
  private final ByteRange range;
  private final Duration patience;
  private final Queue<Slot> slots = new ArrayDeque<>();
  private int piecesAhead = MAX_PIECES_AHEAD;
  private long nextOffset;
  private long lastHeardNanos = System.nanoTime();
  private boolean isDone;
  private @Nullable Throwable failure;

  private PieceStream(Vertx vertx, Peers peers, Message.PieceRequest whole, Duration patience) {
    this.vertx = vertx;
    this.peers = peers;
    this.blob = whole.blob();
    this.range = whole.range();
    this.patience = patience;
    this.nextOffset = range.offset();
  }

  /**
   * Starts to read from the node that wrote the blob.
   *
   * @param patience how long that node may leave a piece unanswered after its first answer
   */
  static Future<SizedStream> open(Vertx vertx, Peers peers, BlobPart part, Duration patience) {
    var blob = part.blob();
    long offset = part.range().map(ByteRange::offset).orElse(0L);
    long length = Math.min(PIECE_BYTES, part.range().map(ByteRange::length).orElse(Long.MAX_VALUE));
    return peers
        .ask(blob.node(), new Message.PieceRequest(blob, new ByteRange(offset, length)))
        .map(
            first -> {
              if (!part.fits(first.blobBytes())) {
                throw wrongSize();
              }
              var whole = new Message.PieceRequest(blob, part.of(first.blobBytes()));
              return new PieceStream(vertx, peers, whole, patience).begin(first);
            });
  }

  private PieceStream begin(Message.Piece first) {
    var slot = next();
    if (slot.length > 0) {
      slots.add(slot);
      onAnswer(slot, first);
    }
    return this;
  }

  @Override
  public long sizeBytes() {
    return range.length();
  }

  @Override
  public void runAhead(long bytes) {
    piecesAhead = Math.toIntExact(Math.clamp(bytes / PIECE_BYTES, 1, MAX_PIECES_AHEAD));
  }

  @Override
  public void abort() {
    isDone = true;
    slots.clear();
  }

  @Override
  protected void onDemand(long amount) {
    vertx.runOnContext(later -> deliver());
  }

  /** Delivers pieces in order and requests the next ones. */
  private void deliver() {
    while (!isDone && isAsked() && !slots.isEmpty()) {
      var data = slots.element().data;
      if (data == null) {
        break;
      }
      slots.remove();
      give(data);
    }
    while (!isDone && failure == null && slots.size() < piecesAhead && nextOffset < range.end()) {
      var slot = next();
      slots.add(slot);
      ask(slot);
    }
    if (!isDone && isAsked() && (failure != null || slots.isEmpty())) {
      isDone = true;
      slots.clear();
      if (failure == null) {
        tellEnd();
      } else {
        tell(failure);
      }
    }
  }

  private Slot next() {
    var slot = new Slot(nextOffset, Math.min(PIECE_BYTES, range.end() - nextOffset));
    nextOffset += slot.length;
    return slot;
  }

  private void ask(Slot slot) {
    peers
        .ask(blob.node(), new Message.PieceRequest(blob, new ByteRange(slot.offset, slot.length)))
        .onSuccess(
            piece -> {
              onAnswer(slot, piece);
              deliver();
            })
        .onFailure(reason -> onFailure(slot, reason));
  }

  private void onAnswer(Slot slot, Message.Piece piece) {
    lastHeardNanos = System.nanoTime();
    if (piece.data().length() == slot.length) {
      slot.data = piece.data();
    } else {
      failure = wrongSize();
    }
  }

  private void onFailure(Slot slot, Throwable reason) {
    boolean isLost =
        reason instanceof ProblemException expected
            && expected.problem() instanceof Problem.Unreachable;
    if (isDone || failure != null) {
      return;
    }
    // Silence counts only while a request is pending.
    long heardNanos = Math.max(lastHeardNanos - slot.askedNanos, 0) + slot.askedNanos;
    if (isLost && System.nanoTime() - heardNanos < patience.toNanos()) {
      vertx.setTimer(
          RETRY_PAUSE.toMillis(),
          later -> {
            if (!isDone) {
              ask(slot);
            }
          });
      return;
    }
    failure = reason;
    deliver();
  }

  private static ProblemException wrongSize() {
    return damaged("The store has fewer bytes of this image than it should.");
  }

  /** A requested piece; its data is absent until it arrives. */
  private static final class Slot {
    private final long offset;
    private final long length;
    private final long askedNanos = System.nanoTime();
    private @Nullable Buffer data;

    private Slot(long offset, long length) {
      this.offset = offset;
      this.length = length;
    }
  }
}
