package io.vitrine.store.s3;

import static io.vitrine.image.problem.ProblemException.locked;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobWriter;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Blobs as objects {@code <prefix>/<first two digits of the id>/<id>}. An uncommitted blob is a
 * multipart upload or exists only in this process' memory. Only the writing process knows it,
 * unless the blob takes several requests; processes do not collide, because every blob has its own
 * id.
 */
public final class S3BlobStore implements BlobStore {
  private static final Pattern PATH =
      Pattern.compile(
          "\\p{XDigit}{2}/(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})("
              + Tail.SUFFIX
              + ")?");
  private static final int MAX_SENDERS = 64;

  private final String id;
  private final S3Config config;
  private final long largestBytes;
  private final S3Connection server;
  private final S3Calls calls;
  private final PartMemory memory;
  private final ZeroParts zeros;
  private final PartListing listing;
  private final ExecutorService senders;
  private final Map<UUID, PartStream> writing = new ConcurrentHashMap<>();

  private S3BlobStore(String id, S3Config config, long largestBytes, S3Connection server) {
    this.id = id;
    this.config = config;
    this.largestBytes = largestBytes;
    this.server = server;
    var parts = config.parts();
    calls = new S3Calls(server, config.bucket());
    memory = new PartMemory(parts.memory().bytes(), config.readTimeout());
    zeros = new ZeroParts(calls, prefix(), parts.partSize().bytes());
    listing = new PartListing(calls, memory);
    senders =
        Executors.newFixedThreadPool(
            Math.clamp(
                parts.memory().bytes() / parts.partSize().bytes(),
                parts.parallelParts(),
                MAX_SENDERS),
            Thread.ofPlatform().name("store-" + id + "-send-", 0).daemon().factory());
  }

  /**
   * A store in an existing bucket; this does not check it yet.
   *
   * @param largestBytes the size of the largest blob
   */
  public static S3BlobStore open(String id, S3Config config, long largestBytes) throws IOException {
    return new S3BlobStore(id, config, largestBytes, S3Connection.open(config));
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public boolean suitsVirtualThreads() {
    return true;
  }

  @Override
  public BlobWriter begin(BlobRef blob, OptionalLong expectedBytes) throws IOException {
    var key = key(blob);
    var object = new PartStream.PlannedObject(key, plan(expectedBytes), false);
    var stream = stream(object, PartStream.Start.NOTHING);
    if (writing.putIfAbsent(blob.id(), stream) != null) {
      throw S3Failures.exists(key);
    }
    return new S3BlobWriter(calls, key, stream, () -> writing.remove(blob.id()));
  }

  private PartPlan plan(OptionalLong expectedBytes) {
    return new PartPlan(config.parts(), largestBytes, expectedBytes);
  }

  private PartStream stream(PartStream.PlannedObject object, PartStream.Start start) {
    return new PartStream(
        calls,
        new PartStream.Sending(memory, senders, zeros, listing, config.parts().parallelParts()),
        object,
        start);
  }

  @Override
  public ResumableWriter resume(
      BlobRef blob, Message.Resumption resumption, OptionalLong expectedBytes) throws IOException {
    var key = key(blob);
    long offset = resumption.offset();
    var kept =
        resumption.turn() == 1
            ? KeptParts.NOTHING
            : KeptParts.find(calls, key, offset, expectedBytes);
    var start = kept.start();
    var plan = plan(expectedBytes).behind(start.parts().size(), start.bytes());
    var stream = stream(new PartStream.PlannedObject(key, plan, true), start);
    if (writing.putIfAbsent(blob.id(), stream) != null) {
      throw locked("The request before still sends data of the upload; try again soon.");
    }
    return new S3KeptWriter(
        calls,
        key,
        new S3KeptWriter.Beginning(resumption.turn(), offset, kept),
        stream,
        () -> writing.remove(blob.id()));
  }

  @Override
  public Optional<BlobReader> open(BlobRef blob) throws IOException {
    return find(key(blob)).map(calls::reader);
  }

  @Override
  public boolean delete(BlobRef blob) throws IOException {
    var key = key(blob);
    var writer = Optional.ofNullable(writing.get(blob.id()));
    writer.ifPresent(PartStream::discard);
    boolean hadObject = find(key).isPresent();
    if (hadObject) {
      calls.delete(key);
    }
    boolean hadUploads = abortUploads(key);
    return deleteTails(key) || hadUploads || hadObject || writer.isPresent();
  }

  /** An object counts as missing only if the bucket exists: the server answers 404 for both. */
  private Optional<S3BlobReader.S3Object> find(String key) throws IOException {
    var found = calls.find(key);
    if (found.isEmpty()) {
      calls.requireBucket();
    }
    return found;
  }

  private boolean abortUploads(String key) throws IOException {
    var uploads = calls.uploadsOf(key);
    for (var upload : uploads) {
      calls.abort(upload);
    }
    return !uploads.isEmpty();
  }

  private boolean deleteTails(String key) throws IOException {
    var tails = Tail.all(calls, key);
    for (var tail : tails) {
      calls.delete(tail.key());
    }
    return !tails.isEmpty();
  }

  @Override
  public void visit(Consumer<Entry> visitor) throws IOException {
    try {
      calls
          .objects(prefix())
          .forEach(
              object ->
                  entry(object.key(), object.size(), true, object.lastModified())
                      .ifPresent(visitor));
      // The size of an upload in progress would take a request for each.
      calls
          .uploads(prefix())
          .forEach(upload -> entry(upload.key(), 0, false, upload.initiated()).ifPresent(visitor));
    } catch (SdkException failure) {
      throw S3Failures.of("listing the bucket", failure);
    }
  }

  private Optional<Entry> entry(
      String key, long sizeBytes, boolean isCommitted, Instant changedAt) {
    var path = PATH.matcher(key.substring(prefix().length()));
    return path.matches()
        ? Optional.of(
            new Entry(
                UUID.fromString(path.group(1)),
                sizeBytes,
                isCommitted && path.group(2) == null,
                changedAt))
        : Optional.empty();
  }

  @Override
  public void check() throws IOException {
    calls.requireBucket();
  }

  /** The number of unreserved bytes in the memory for parts. */
  public long freeBytes() {
    return memory.freeBytes();
  }

  private String key(BlobRef blob) {
    return prefix() + blob.path();
  }

  private String prefix() {
    return config.prefix() + "/";
  }

  @Override
  public void close() {
    senders.shutdown();
    server.close();
  }
}
