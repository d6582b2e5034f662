package io.vitrine.store.s3;

import io.vitrine.store.s3.S3Calls.Upload;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * The way of a blob's data into an object: fills parts and sends each once it is full and more data
 * follows. Data that fits in one part becomes a single object at the end. For one thread at a time,
 * except {@link #discard}.
 */
final class PartStream {
  private final S3Calls calls;
  private final Sending sending;
  private final String key;
  private final PartPlan plan;
  private final boolean isKept;
  private final Semaphore turns;
  private final List<CompletedPart> before;
  private final long beforeBytes;
  private final List<Sent> sent = new ArrayList<>();

  private @Nullable Part filling;
  private @Nullable Upload upload;
  private long sizeBytes;
  private boolean isPut;
  private volatile boolean isDiscarded;
  private volatile boolean isFailed;

  PartStream(S3Calls calls, Sending sending, PlannedObject object, Start start) {
    this.calls = calls;
    this.sending = sending;
    this.turns = new Semaphore(sending.parallelParts());
    this.key = object.key();
    this.plan = object.plan();
    this.isKept = object.isKept();
    this.before = start.parts();
    this.upload = start.upload().orElse(null);
    this.beforeBytes = start.bytes();
    this.sizeBytes = beforeBytes;
  }

  /**
   * The object to write, and the parts to write it in.
   *
   * @param isKept whether another process must be able to go on with the parts
   */
  record PlannedObject(String key, PartPlan plan, boolean isKept) {}

  /** What all writers of a store share. */
  record Sending(
      PartMemory memory,
      ExecutorService senders,
      ZeroParts zeros,
      PartListing listing,
      int parallelParts) {}

  /** A part on its way. */
  private record Sent(long bytes, Future<CompletedPart> part) {}

  /**
   * What the object has already.
   *
   * @param bytes of the parts together
   */
  record Start(Optional<Upload> upload, List<CompletedPart> parts, long bytes) {
    /** A new object. */
    static final Start NOTHING = new Start(Optional.empty(), List.of(), 0);
  }

  /** Makes the end fail, because the blob has been deleted. */
  void discard() {
    isDiscarded = true;
  }

  /** Appends the remaining bytes of all buffers in order. */
  void write(ByteBuffer... data) throws IOException {
    for (var each : data) {
      while (each.hasRemaining()) {
        var part = partWithRoom();
        int length = each.remaining();
        part.take(each);
        sizeBytes += length - each.remaining();
      }
    }
  }

  private Part partWithRoom() throws IOException {
    if (filling != null && filling.isFull()) {
      send(filling);
    }
    if (filling == null) {
      filling = sending.memory().take(plan.next());
    }
    return filling;
  }

  /** Sends a part once fewer than the maximum are in transit. */
  private void send(Part part) throws IOException {
    requireWanted();
    if (upload == null) {
      upload = calls.begin(key, !isKept || sending.listing().hasChecksums(key));
    }
    acquire(1);
    if (isFailed) {
      turns.release();
      throw failure();
    }
    var into = upload;
    int number = before.size() + sent.size() + 1;
    long bytes = part.sizeBytes();
    try {
      sent.add(new Sent(bytes, sending.senders().submit(() -> sendNow(into, number, part))));
      filling = null;
    } catch (RejectedExecutionException closing) {
      turns.release();
      throw new IOException("the store is closing", closing);
    }
  }

  private CompletedPart sendNow(Upload into, int number, Part part) throws IOException {
    var zeros = sending.zeros();
    try (part) {
      return zeros.have(part) ? zeros.store(into, number, part) : calls.upload(into, number, part);
    } catch (IOException | RuntimeException failure) {
      isFailed = true;
      throw failure;
    } finally {
      turns.release();
    }
  }

  void requireWanted() throws IOException {
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
      if (each.part.state() == Future.State.FAILED) {
        return new IOException("a part could not be sent", each.part.exceptionNow());
      }
    }
    return new IOException("a part could not be sent");
  }

  /** How many bytes of the blob are in parts that the server has, without a gap. */
  long storedBytes() {
    long stored = beforeBytes;
    for (var each : sent) {
      if (each.part.state() != Future.State.SUCCESS) {
        break;
      }
      stored += each.bytes;
    }
    return stored;
  }

  /** Waits until no part is on its way, sent or not. */
  void await() throws InterruptedIOException {
    acquire(sending.parallelParts());
    turns.release(sending.parallelParts());
  }

  /**
   * Stores what has not been sent: a full part as such, another one under a key of its own.
   *
   * @param keyOfRest called only if there is such a part
   */
  void storeRest(LongFunction<String> keyOfRest) throws IOException {
    if (filling != null && filling.isFull()) {
      send(filling);
    }
    completed();
    if (filling != null) {
      calls.put(keyOfRest.apply(storedBytes()), filling);
    }
  }

  /** Makes the object of all data. */
  void finish() throws IOException {
    requireWanted();
    if (upload == null) {
      isPut = true;
      try (var whole = filling == null ? sending.memory().take(0) : filling) {
        filling = null;
        calls.put(key, whole);
      }
    } else {
      if (filling != null) {
        send(filling);
      }
      var parts = completed();
      isPut = true;
      calls.complete(upload, parts, sizeBytes);
    }
    requireWanted();
  }

  private List<CompletedPart> completed() throws IOException {
    var parts = new ArrayList<>(before);
    for (var each : sent) {
      try {
        parts.add(each.part.get());
      } catch (ExecutionException failure) {
        throw failure();
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while parts are on their way");
      }
    }
    return parts;
  }

  /** Whether there may be an object. */
  boolean isPut() {
    return isPut;
  }

  /** The multipart upload, if one has begun. */
  Optional<Upload> upload() {
    return Optional.ofNullable(upload);
  }

  /** Returns the memory of the part that is being filled. */
  void close() {
    if (filling != null) {
      filling.close();
      filling = null;
    }
  }
}
