package io.vitrine.store.s3;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobWriter;
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
 * multipart upload or exists only in this process' memory. Only the writing process knows it;
 * processes do not collide, because every blob has its own id.
 */
public final class S3BlobStore implements BlobStore {
  private static final Pattern PATH =
      Pattern.compile("\\p{XDigit}{2}/(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})");
  private static final int MAX_SENDERS = 64;

  private final String id;
  private final S3Config config;
  private final long largestBytes;
  private final S3Connection server;
  private final S3Calls calls;
  private final PartMemory memory;
  private final ZeroParts zeros;
  private final ExecutorService senders;
  private final Map<UUID, S3BlobWriter> writing = new ConcurrentHashMap<>();

  private S3BlobStore(String id, S3Config config, long largestBytes, S3Connection server) {
    this.id = id;
    this.config = config;
    this.largestBytes = largestBytes;
    this.server = server;
    var parts = config.parts();
    calls = new S3Calls(server, config.bucket());
    memory = new PartMemory(parts.memory().bytes(), config.readTimeout());
    zeros = new ZeroParts(calls, prefix(), parts.partSize().bytes());
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
    var writer =
        new S3BlobWriter(
            calls,
            new S3BlobWriter.Sending(memory, senders, zeros, config.parts().parallelParts()),
            new S3BlobWriter.PlannedObject(
                key, new PartPlan(config.parts(), largestBytes, expectedBytes)),
            () -> writing.remove(blob.id()));
    if (writing.putIfAbsent(blob.id(), writer) != null) {
      throw S3Failures.exists(key);
    }
    return writer;
  }

  @Override
  public Optional<BlobReader> open(BlobRef blob) throws IOException {
    return find(key(blob)).map(calls::reader);
  }

  @Override
  public boolean delete(BlobRef blob) throws IOException {
    var key = key(blob);
    var writer = Optional.ofNullable(writing.get(blob.id()));
    writer.ifPresent(S3BlobWriter::discard);
    boolean hadObject = find(key).isPresent();
    if (hadObject) {
      calls.delete(key);
    }
    return abortUploads(key) || hadObject || writer.isPresent();
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
    boolean hadAny = false;
    for (var upload : S3Calls.run("listing uploads", () -> calls.uploads(key).stream().toList())) {
      if (upload.key().equals(key)) {
        calls.abort(new S3Calls.Upload(key, upload.uploadId()));
        hadAny = true;
      }
    }
    return hadAny;
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
        ? Optional.of(new Entry(UUID.fromString(path.group(1)), sizeBytes, isCommitted, changedAt))
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
