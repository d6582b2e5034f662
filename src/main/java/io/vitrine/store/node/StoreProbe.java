package io.vitrine.store.node;

import io.vitrine.image.location.StoreRoom;
import io.vitrine.image.location.StoreState;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.StoreFailures;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls whether a store works, on a thread of its own, which a hanging store may block forever. */
final class StoreProbe implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreProbe.class);

  private static final Duration CLOSE_TIME = Duration.ofSeconds(1);

  private final BlobStore store;
  private final Duration interval;
  private final Duration deadline;
  private final Thread thread;
  private StoreState settled = new StoreState(true, Instant.now(), "");
  private volatile String detail = "";
  private volatile Optional<StoreRoom> room = Optional.empty();
  private boolean isChecking;
  private long checkingSinceNanos;

  /**
   * A probe that starts at once.
   *
   * @param deadline a store whose check takes longer counts as hanging
   */
  StoreProbe(BlobStore store, Duration interval, Duration deadline) {
    this.store = store;
    this.interval = interval;
    this.deadline = deadline;
    this.thread = Thread.ofPlatform().name("store-probe-" + store.id()).daemon().start(this::run);
  }

  /** The present state of the store. */
  synchronized StoreState state() {
    if (isChecking && System.nanoTime() - checkingSinceNanos > deadline.toNanos()) {
      settle(StoreState.TIMEOUT);
    }
    return settled;
  }

  /** The room that the store had at the last check; empty if it did not tell. */
  Optional<StoreRoom> room() {
    return room;
  }

  /** Notes that a call other than the probe's exceeded its deadline. */
  synchronized void late() {
    settle(StoreState.TIMEOUT);
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      begin();
      var reason = check();
      end(reason);
      room = reason.isEmpty() ? askRoom() : Optional.empty();
      try {
        Thread.sleep(interval);
      } catch (InterruptedException closed) {
        return;
      }
    }
  }

  private String check() {
    detail = "";
    try {
      store.check();
      return "";
    } catch (AccessDeniedException denied) {
      return StoreState.ACCESS;
    } catch (IOException | RuntimeException failure) {
      detail = ": " + StoreFailures.reasons(failure);
      return StoreState.FAILURE;
    }
  }

  private Optional<StoreRoom> askRoom() {
    try {
      return store.room();
    } catch (IOException | RuntimeException unknown) {
      // The store works; only its room is unknown.
      return Optional.empty();
    }
  }

  private synchronized void begin() {
    isChecking = true;
    checkingSinceNanos = System.nanoTime();
  }

  private synchronized void end(String reason) {
    isChecking = false;
    settle(reason);
  }

  private void settle(String reason) {
    if (!reason.equals(settled.reason())) {
      settled = new StoreState(reason.isEmpty(), Instant.now(), reason);
      if (settled.isUp()) {
        log.atInfo().addKeyValue("store", store.id()).log("The store works again");
      } else {
        log.atError()
            .addKeyValue("store", store.id())
            .addKeyValue("error", reason + detail)
            .log("The store does not work");
      }
    }
  }

  boolean isEnded() {
    return !thread.isAlive();
  }

  /** Waits briefly for a check in progress. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_TIME);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
