package io.vitrine.format.conversion;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.BlockTarget.PreparedUnit;
import io.vitrine.format.block.Zeros;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** Copies pieces of a disk; every thread reads, prepares and writes pieces of its own. */
final class Copying {
  private final BlockSource source;
  private final BlockTarget target;
  private final Pieces pieces;
  private final Buffers buffers;
  private final ReentrantLock piecesLock = new ReentrantLock();
  private final OrderedWriter ordered = new OrderedWriter();
  private final AtomicLong passedBytes = new AtomicLong();

  Copying(BlockSource source, BlockTarget target, Pieces pieces, Buffers buffers) {
    this.source = source;
    this.target = target;
    this.pieces = pieces;
    this.buffers = buffers;
  }

  /** How much of the disk was copied or skipped, in bytes. */
  long passedBytes() {
    return passedBytes.get();
  }

  /** Copies pieces until none is left. */
  void run() throws IOException, InterruptedException {
    while (copyNext()) {}
  }

  private boolean copyNext() throws IOException, InterruptedException {
    // The buffer comes first: a thread with a piece must not wait for threads with later ones.
    var buffer = buffers.take();
    var next = nextPiece();
    if (next.isEmpty()) {
      buffers.give(buffer);
      return false;
    }
    copy(next.get(), buffer);
    return true;
  }

  private Optional<Piece> nextPiece() throws IOException, InterruptedException {
    // Not synchronized: a thread must stay interruptible while another waits for the file.
    piecesLock.lockInterruptibly();
    try {
      return pieces.next();
    } finally {
      piecesLock.unlock();
    }
  }

  private void copy(Piece piece, ByteBuffer buffer) throws IOException {
    source.read(piece.offset(), buffer.limit(piece.lengthBytes()));
    buffer.flip();
    if (target.isOrdered()) {
      var units = new ArrayList<PreparedUnit>();
      forEachUnit(piece, buffer, units::add);
      ordered.write(piece.number(), () -> write(units, piece, buffer));
    } else {
      forEachUnit(piece, buffer, PreparedUnit::write);
      end(piece, buffer);
    }
  }

  /** What becomes of a prepared unit. */
  @FunctionalInterface
  private interface Next {
    void take(PreparedUnit unit) throws IOException;
  }

  /** Prepares the units of a piece that are not all zeros. */
  private void forEachUnit(Piece piece, ByteBuffer data, Next next) throws IOException {
    int length = piece.lengthBytes();
    int step = target.unitBytes() == 1 ? length : target.unitBytes();
    for (int at = 0; at < length; at += step) {
      var unit = data.slice(at, Math.min(step, length - at));
      if (!Zeros.areAll(unit)) {
        next.take(target.prepare(piece.offset() + at, unit));
      }
    }
  }

  private void write(List<PreparedUnit> units, Piece piece, ByteBuffer buffer) throws IOException {
    for (var unit : units) {
      unit.write();
    }
    end(piece, buffer);
  }

  private void end(Piece piece, ByteBuffer buffer) {
    buffers.give(buffer);
    passedBytes.addAndGet(piece.passedBytes());
  }
}
