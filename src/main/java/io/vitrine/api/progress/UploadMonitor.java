package io.vitrine.api.progress;

import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vitrine.catalog.events.ProgressJournal;
import io.vitrine.image.location.BlobRef;
import io.vitrine.observe.metrics.UploadGauges;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Looks once a second at the uploads of this process and writes how far they are, all in one
 * statement; rests while there are none, and never sees an upload that takes less than that. Shared
 * by all event loops.
 */
public final class UploadMonitor {
  private static final long SAMPLE_MILLIS = 1000;

  private final Vertx vertx;
  private final ProgressJournal journal;
  private final Set<RunningUpload> running = new LinkedHashSet<>();

  /** What has been written and is not yet removed. */
  private final Set<UUID> written = new HashSet<>();

  private long timer = -1;
  private boolean isWriting;

  /** A monitor that writes to a journal. */
  public UploadMonitor(Vertx vertx, ProgressJournal journal) {
    this.vertx = vertx;
    this.journal = journal;
  }

  /**
   * Watches an upload from now on.
   *
   * @param total how much data there is; empty if the client has not said it
   * @param bytes how much has been processed; asked on any thread
   * @return to be run when the request has ended
   */
  public synchronized Runnable watch(BlobRef blob, Optional<Long> total, LongSupplier bytes) {
    var upload = new RunningUpload(blob, total, bytes, System.nanoTime());
    running.add(upload);
    if (timer < 0) {
      timer = vertx.setPeriodic(SAMPLE_MILLIS, tick -> sample());
    }
    return () -> end(upload);
  }

  private synchronized void end(RunningUpload upload) {
    running.remove(upload);
  }

  private synchronized void sample() {
    long now = System.nanoTime();
    running.forEach(upload -> upload.sample(now));
    if (isWriting) {
      return;
    }
    if (running.isEmpty() && written.isEmpty()) {
      vertx.cancelTimer(timer);
      timer = -1;
      return;
    }
    write();
  }

  private void write() {
    var entries =
        running.stream()
            .map(RunningUpload::entry)
            .sorted(Comparator.comparing(ProgressJournal.Entry::id))
            .toList();
    var ended = new HashSet<>(written);
    entries.forEach(entry -> ended.remove(entry.id()));
    isWriting = true;
    journal.write(entries, ended).onComplete(done -> settle(done, entries, ended));
  }

  /** Without the database nobody watches either; what could not be removed is tried again. */
  private synchronized void settle(
      AsyncResult<Void> done, List<ProgressJournal.Entry> entries, Set<UUID> ended) {
    isWriting = false;
    entries.forEach(entry -> written.add(entry.id()));
    if (done.succeeded()) {
      written.removeAll(ended);
    }
  }

  /** The sums over the uploads under way, for metrics. */
  public synchronized UploadGauges.Totals totals() {
    var uploads =
        running.stream().map(RunningUpload::entry).map(ProgressJournal.Entry::progress).toList();
    return new UploadGauges.Totals(
        uploads.stream().mapToLong(each -> each.bytes()).sum(),
        uploads.stream().mapToLong(each -> each.total().orElse(0L)).sum(),
        uploads.stream().mapToLong(each -> each.bytesPerSecond()).sum(),
        uploads.stream()
            .flatMap(each -> each.remainingSeconds().stream())
            .max(Long::compare)
            .orElse(0L));
  }
}
