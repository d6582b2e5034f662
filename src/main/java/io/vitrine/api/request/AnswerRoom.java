package io.vitrine.api.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The memory that requests and their answers may take together, of which no client gets all, and
 * answers leave some for further requests. When it is used up, answers that their clients do not
 * take on make room, those that have stood still for longest first. One for all event loops; safe
 * for all threads.
 */
public final class AnswerRoom {
  /** What a request takes by being there. */
  static final long REQUEST_BYTES = 16 << 10;

  private static final long SMALL_BYTES = 128 << 10;

  /** How long an answer may stand still while others want its room. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final long MIN_WINDOW_BYTES = 256 << 10;
  private static final long MAX_WINDOW_BYTES = 4 << 20;

  /** With so many transfers at the same time, each has the smallest window. */
  private static final int WINDOWS = 128;

  private final long maxBytes;
  private final Map<String, Long> clients = new HashMap<>();
  private final Set<Hold> sending = new LinkedHashSet<>();
  private long usedBytes;

  /** So much room. */
  public AnswerRoom(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** A quarter of the heap. */
  public static AnswerRoom ofHeap() {
    return new AnswerRoom(Runtime.getRuntime().maxMemory() / 4);
  }

  /** Room for a client's request; empty if there is none. */
  Optional<Hold> take(String client) {
    var hold = new Hold(client);
    return hold.resize(REQUEST_BYTES) ? Optional.of(hold) : Optional.empty();
  }

  /** How far a transfer may run ahead of its reader, as things are. */
  public synchronized long window() {
    return Math.clamp((maxBytes - usedBytes) / WINDOWS, MIN_WINDOW_BYTES, MAX_WINDOW_BYTES);
  }

  /** Gives up all answers that have stood still for so long. */
  public void cutStalled(Duration time) {
    stalled(time).forEach(Hold::cut);
  }

  private synchronized List<Hold> stalled(Duration time) {
    long now = System.nanoTime();
    return sending.stream()
        .filter(hold -> now - hold.progressNanos > time.toNanos())
        .sorted(Comparator.comparingLong(hold -> hold.progressNanos))
        .toList();
  }

  private boolean change(Hold hold, long bytes) {
    if (tryChange(hold, bytes)) {
      return true;
    }
    var victims = new ArrayList<Hold>();
    for (var stalled : stalled(PATIENCE)) {
      victims.add(stalled);
      stalled.release();
      if (tryChange(hold, bytes)) {
        victims.forEach(Hold::cut);
        return true;
      }
    }
    victims.forEach(Hold::cut);
    return false;
  }

  private synchronized boolean tryChange(Hold hold, long bytes) {
    long more = bytes - hold.bytes;
    long ofClient = clients.getOrDefault(hold.client, 0L) + more;
    // Large answers leave room for further requests, and for what most of them are answered.
    long quarters = bytes <= SMALL_BYTES ? 4 : 3;
    boolean fits =
        usedBytes + more <= maxBytes / 4 * quarters && ofClient <= maxBytes / 4 * (quarters - 1);
    if (hold.isReleased || (more > 0 && !fits)) {
      return false;
    }
    hold.bytes = bytes;
    usedBytes += more;
    clients.merge(hold.client, more, (a, b) -> a + b == 0 ? null : a + b);
    return true;
  }

  /** The room of one request. */
  public final class Hold {
    private final String client;
    private long bytes;
    private long progressNanos;
    private boolean isReleased;
    private Runnable cut = () -> {};

    private Hold(String client) {
      this.client = client;
    }

    /** Takes more room, or less; false if there is none. */
    boolean resize(long wanted) {
      return change(this, wanted);
    }

    /** An answer is being sent. */
    void begin(Runnable howToCut) {
      synchronized (AnswerRoom.this) {
        cut = howToCut;
        progressNanos = System.nanoTime();
        if (!isReleased) {
          sending.add(this);
        }
      }
    }

    /** Some of the answer has gone out. */
    void progress() {
      synchronized (AnswerRoom.this) {
        progressNanos = System.nanoTime();
      }
    }

    /** The answer is no longer being sent; may come more than once. */
    void release() {
      synchronized (AnswerRoom.this) {
        if (!isReleased) {
          tryChange(this, 0);
          isReleased = true;
          sending.remove(this);
        }
      }
    }

    private void cut() {
      Runnable how;
      synchronized (AnswerRoom.this) {
        how = cut;
      }
      release();
      how.run();
    }

    /** The room that this belongs to. */
    public AnswerRoom room() {
      return AnswerRoom.this;
    }
  }
}
