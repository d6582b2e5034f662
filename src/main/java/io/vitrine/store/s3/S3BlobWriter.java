package io.vitrine.store.s3;

import io.vitrine.store.blob.BlobWriter;
import io.vitrine.store.s3.S3Calls.Upload;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Fills parts and sends each once it is full and more data follows. The commit sends a blob that
 * fits in one part as a single object. For one thread at a time, except {@link #discard}.
 */
final class S3BlobWriter implements BlobWriter {
  private static final Logger log = LoggerFactory.getLogger(S3BlobWriter.class);

  private final S3Calls calls;
  private final PartMemory memory;
  private final ExecutorService senders;
  private final ZeroParts zeros;
  private final String key;
  private final PartPlan plan;
  private final int parallelParts;
  private final Runnable onEnd;
  private final Semaphore turns;
  private final List<Future<CompletedPart>> sent = new ArrayList<>();

  private @Nullable Part filling;
  private @Nullable Upload upload;
  private long sizeBytes;
  private boolean isEnded;
  private boolean isPut;
  private volatile boolean isDiscarded;
  private volatile boolean isFailed;

  S3BlobWriter(S3Calls calls, Sending sending, PlannedObject object, Runnable onEnd) {
    this.calls = calls;
    this.memory = sending.memory();
    this.senders = sending.senders();
    this.zeros = sending.zeros();
    this.parallelParts = sending.parallelParts();
    this.turns = new Semaphore(parallelParts);
    this.key = object.key();
    this.plan = object.plan();
    this.onEnd = onEnd;
  }

  /** The object to write, and the parts to write it in. */
  record PlannedObject(String key, PartPlan plan) {}

  /** What all writers of a store share. */
  record Sending(PartMemory memory, ExecutorService senders, ZeroParts zeros, int parallelParts) {}

  /** Makes the commit fail, because the blob has been deleted. */
  void discard() {
    isDiscarded = true;
  }

  @Override
  public void write(ByteBuffer... data) throws IOException {
    if (isEnded) {
      throw new ClosedChannelException();
    }
    for (var each : data) {
      while (each.hasRemaining()) {
        var part = partWithRoom();
        int before = each.remaining();
        part.take(each);
        sizeBytes += before - each.remaining();
      }
    }
  }

  private Part partWithRoom() throws IOException {
    if (filling != null && filling.isFull()) {
      send(filling);
    }
    if (filling == null) {
      filling = memory.take(plan.next());
    }
    return filling;
  }

  /** Sends a part once fewer than the maximum are in transit. */
  private void send(Part part) throws IOException {
    requireWanted();
    if (upload == null) {
      upload = new Upload(key, calls.begin(key));
    }
    acquire(1);
    if (isFailed) {
      turns.release();
      throw failure();
    }
    var into = upload;
    int number = sent.size() + 1;
    try {
      sent.add(senders.submit(() -> sendNow(into, number, part)));
      filling = null;
    } catch (RejectedExecutionException closing) {
      turns.release();
      throw new IOException("the store is closing", closing);
    }
  }

  private CompletedPart sendNow(Upload into, int number, Part part) throws IOException {
    try (part) {
      return zeros.have(part) ? zeros.store(into, number, part) : calls.upload(into, number, part);
    } catch (IOException | RuntimeException failure) {
      isFailed = true;
      throw failure;
    } finally {
      turns.release();
    }
  }

  private void requireWanted() throws IOException {
    if (isDiscarded) {
      throw new IOException("the blob was deleted while it was written");
    }
  }

  private void acquire(int count) throws InterruptedIOException {
    try {
      turns.acquire(count);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while parts are on their way");
    }
  }

  /** Why a part could not be sent. */
  private IOException failure() {
    for (var each : sent) {
      if (each.state() == Future.State.FAILED) {
        return new IOException("a part could not be sent", each.exceptionNow());
      }
    }
    return new IOException("a part could not be sent");
  }

  @Override
  public void commit() throws IOException {
    if (isEnded) {
      throw new ClosedChannelException();
    }
    try {
      requireWanted();
      finish();
      requireWanted();
      end();
    } catch (IOException | RuntimeException failure) {
      abort();
      throw failure;
    }
  }

  private void finish() throws IOException {
    if (upload == null) {
      isPut = true;
      try (var whole = filling == null ? memory.take(0) : filling) {
        filling = null;
        calls.put(key, whole);
      }
      return;
    }
    if (filling != null) {
      send(filling);
    }
    var parts = completed();
    isPut = true;
    calls.complete(upload, parts, sizeBytes);
  }

  private List<CompletedPart> completed() throws IOException {
    var parts = new ArrayList<CompletedPart>();
    for (var each : sent) {
      try {
        parts.add(each.get());
      } catch (ExecutionException failure) {
        throw failure();
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while parts are on their way");
      }
    }
    return parts;
  }

  @Override
  public void abort() {
    end();
    try {
      // A part that arrives after the abort would stay forever.
      acquire(parallelParts);
      turns.release(parallelParts);
      if (upload != null) {
        calls.abort(upload);
      }
      if (isPut) {
        calls.delete(key);
      }
    } catch (IOException failure) {
      log.atWarn()
          .addKeyValue("object", key)
          .setCause(failure)
          .log("Cannot remove an aborted blob; garbage collection will");
    }
  }

  private void end() {
    if (!isEnded) {
      isEnded = true;
      onEnd.run();
    }
    if (filling != null) {
      filling.close();
      filling = null;
    }
  }
}
