package io.vitrine.store;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The turns of uploads that take several requests: which transfers write now, and what the last
 * ones have computed, so that the next one goes on with it. Shared by the verticles of a node.
 */
public final class UploadTurns {
  /** How many uploads may rest before the oldest must be read once more. */
  private static final int MOST = 64;

  private final Map<UUID, WriteTransfer> running = new HashMap<>();
  private final Map<UUID, Rest> resting =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Rest> eldest) {
          return size() > MOST;
        }
      };

  /**
   * What a turn has left; the turn 0 of a new upload leaves nothing.
   *
   * @param bytes how many bytes of the upload the inspection has taken
   */
  record Rest(long turn, TransferInspection inspection, long bytes) {}

  /** Ends the transfer that writes the blob, if there is one; completes when it writes no more. */
  Future<Void> end(UUID blob) {
    WriteTransfer transfer;
    synchronized (this) {
      transfer = running.get(blob);
    }
    return transfer == null ? Future.succeededFuture() : transfer.giveWay();
  }

  synchronized void begin(UUID blob, WriteTransfer transfer) {
    running.put(blob, transfer);
  }

  synchronized void ended(UUID blob) {
    running.remove(blob);
  }

  synchronized void rest(UUID blob, Rest rest) {
    resting.remove(blob);
    resting.put(blob, rest);
  }

  /**
   * What the turn before this one has left. Nothing if it was that of another process, which may
   * have written other data, or if it took more than has become durable.
   */
  synchronized Optional<Rest> resume(UUID blob, long turn, long offset) {
    return Optional.ofNullable(resting.remove(blob))
        .filter(rest -> rest.turn == turn - 1 && rest.bytes <= offset);
  }

  /** Forgets an upload that has ended. */
  synchronized void forget(UUID blob) {
    resting.remove(blob);
  }
}
