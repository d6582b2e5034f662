package io.vitrine.api.request;

import io.vitrine.net.listener.LimitsConfig;
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
 * The memory budget of requests and their answers. No client gets all of it, and answers leave room
 * for further requests. When it is used up, stalled answers are cut, those stalled for longest
 * first. Shared by all event loops; thread-safe.
 */
public final class AnswerRoom {
  /** The cost of a request as such. */
  static final long REQUEST_BYTES = 16 << 10;

  private static final long SMALL_BYTES = 128 << 10;

  /** How long an answer may stall while others want its room. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final long MIN_WINDOW_BYTES = 256 << 10;
  private static final long MAX_WINDOW_BYTES = 4 << 20;

  /** With this many concurrent transfers, each gets the smallest window. */
  private static final int WINDOWS = 128;

  private final long maxBytes;
  private final Map<String, Long> clients = new HashMap<>();
  private final Set<Hold> sending = new LinkedHashSet<>();
  private long usedBytes;

  /** A budget in bytes. */
  public AnswerRoom(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** A quarter of the heap. */
  public static AnswerRoom ofHeap() {
    return new AnswerRoom(Runtime.getRuntime().maxMemory() / 4);
  }

  /** The configured budget. */
  public static AnswerRoom of(LimitsConfig limits) {
    long bytes = limits.maxAnswerMemory().bytes();
    return bytes == 0 ? ofHeap() : new AnswerRoom(bytes);
  }

  /** Takes room for a request of the client; empty if there is none. */
  Optional<Hold> take(String client) {
    var hold = new Hold(client);
    return hold.resize(REQUEST_BYTES) ? Optional.of(hold) : Optional.empty();
  }

  /** How many bytes a transfer may read ahead of its client, at the present load. */
  public synchronized long window() {
    return Math.clamp((maxBytes - usedBytes) / WINDOWS, MIN_WINDOW_BYTES, MAX_WINDOW_BYTES);
  }

  /** Cuts all answers that have stalled for this long. */
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
    // Large answers leave room for further requests and for their usual, small answers.
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

  /** The room taken by one request. */
  public final class Hold {
    private final String client;
    private long bytes;
    private long progressNanos;
    private boolean isReleased;
    private Runnable cut = () -> {};

    private Hold(String client) {
      this.client = client;
    }

    /** Changes the size of the room; false if the budget does not allow it. */
    boolean resize(long wanted) {
      return change(this, wanted);
    }

    /** Begins the answer; the action cuts it. */
    void begin(Runnable howToCut) {
      synchronized (AnswerRoom.this) {
        cut = howToCut;
        progressNanos = System.nanoTime();
        if (!isReleased) {
          sending.add(this);
        }
      }
    }

    /** Notes that part of the answer has been sent. */
    void progress() {
      synchronized (AnswerRoom.this) {
        progressNanos = System.nanoTime();
      }
    }

    /** Ends the answer; may be called more than once. */
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

    /** The budget that the room is taken from. */
    public AnswerRoom room() {
      return AnswerRoom.this;
    }
  }
}
