package io.vitrine.store.swift;

import static io.vitrine.store.swift.SwiftClient.require;

import io.vertx.core.json.JsonObject;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobWriter;
import io.vitrine.store.blob.KeptBlobWriter;
import io.vitrine.store.blob.OwnWriters;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.store.blob.StoreFailures;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs as large objects: the bytes are segments {@code <blob>/s<number>} in a separate container,
 * and a commit writes the manifest {@code <blob>} that joins them. {@code <blob>/begun} marks a
 * blob of this store from the start; anything without it is never listed, except the segments
 * {@code <blob>/k<offset>-<turn>} of a blob that takes several requests.
 */
public final class SwiftBlobStore implements BlobStore {
  private static final Logger log = LoggerFactory.getLogger(SwiftBlobStore.class);
  private static final String BEGUN = "/begun";
  private static final long SHORT_BYTES = 32 << 20;
  private static final Pattern OURS =
      Pattern.compile("[^/]+(" + BEGUN + "|" + KeptSegment.NAME + ")");
  private static final Pattern NAME =
      Pattern.compile("(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})/.+");

  private final String id;
  private final SwiftConfig config;
  private final SwiftClient client;

  /** Ends the writers of this process. */
  private final OwnWriters writers = new OwnWriters();

  private boolean hasContainers;

  /** A store in a container, which is checked on first use. */
  public SwiftBlobStore(String id, SwiftConfig config) {
    this.id = id;
    this.config = config;
    this.client = new SwiftClient(config);
  }

  SwiftConfig config() {
    return config;
  }

  SwiftClient client() {
    return client;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public BlobWriter begin(BlobRef blob, OptionalLong expectedBytes) throws IOException {
    createContainers();
    var begun = client.send("PUT", segment(blob, BEGUN), Map.of("If-None-Match", "*"), new byte[0]);
    var writer = new SwiftBlobWriter(this, client, blob, config);
    if (begun.statusCode() == 412 || !writers.add(blob, writer::release)) {
      throw new FileAlreadyExistsException(blob.id().toString());
    }
    if (begun.statusCode() / 100 != 2) {
      forget(blob);
    }
    require(begun, "begin");
    return writer;
  }

  @Override
  public ResumableWriter resume(
      BlobRef blob, Message.Resumption resumption, OptionalLong expectedBytes) throws IOException {
    return writers.open(blob, () -> openKept(blob, resumption, expectedBytes));
  }

  private KeptBlobWriter openKept(
      BlobRef blob, Message.Resumption resumption, OptionalLong expectedBytes) throws IOException {
    createContainers();
    boolean isFirst = resumption.turn() == 1;
    var wholeBytes = isFirst ? OptionalLong.empty() : wholeBytes(blob, expectedBytes);
    var kept =
        isFirst || wholeBytes.isPresent()
            ? KeptSegments.NOTHING
            : KeptSegments.before(
                resumption.offset(),
                keptSegments(blob),
                Math.min(SHORT_BYTES, config.segmentSize().bytes()));
    return new KeptBlobWriter(
        new KeptSwiftBlob(this, blob, resumption, kept), resumption.offset(), wholeBytes);
  }

  /** The size of the blob if the segments are joined already. */
  private OptionalLong wholeBytes(BlobRef blob, OptionalLong expectedBytes) throws IOException {
    var whole = open(blob);
    if (whole.isEmpty()) {
      return OptionalLong.empty();
    }
    try (var reader = whole.get()) {
      var found = OptionalLong.of(reader.sizeBytes());
      if (!found.equals(expectedBytes)) {
        throw StoreFailures.lostUpload();
      }
      return found;
    }
  }

  /** The segments that the requests for a blob have written. */
  List<KeptSegment> keptSegments(BlobRef blob) throws IOException {
    var found = new ArrayList<KeptSegment>();
    client.list(
        config.segments(),
        blob.id() + KeptSegment.PREFIX,
        each -> KeptSegment.of(each).ifPresent(found::add));
    return found;
  }

  /** Marks a blob as one of this store. */
  void mark(BlobRef blob) throws IOException {
    require(client.send("PUT", segment(blob, BEGUN)), "begin");
  }

  private synchronized void createContainers() throws IOException {
    if (config.createContainer() && !hasContainers) {
      require(client.send("PUT", container()), "create the container");
      require(
          client.send("PUT", "/" + SwiftClient.encode(config.segments())),
          "create the container of segments");
      hasContainers = true;
    }
  }

  @Override
  public Optional<BlobReader> open(BlobRef blob) throws IOException {
    var answer = client.send("HEAD", object(blob));
    if (answer.statusCode() == 404) {
      requireContainer();
      return Optional.empty();
    }
    require(answer, "open");
    long size = answer.headers().firstValueAsLong("Content-Length").orElse(0);
    return Optional.of(new SwiftBlobReader(client, object(blob), size));
  }

  @Override
  public boolean delete(BlobRef blob) throws IOException {
    writers.end(blob);
    boolean found = remove(object(blob));
    if (!found) {
      requireContainer();
    }
    var segments = new ArrayList<String>();
    client.list(config.segments(), blob.id() + "/", each -> segments.add(each.getString("name")));
    for (var name : segments) {
      found |= remove(segment(blob, name.substring(name.indexOf('/'))));
    }
    return found;
  }

  /** Removes an object; false if there is none. */
  boolean remove(String path) throws IOException {
    var answer = client.send("DELETE", path);
    if (answer.statusCode() == 404) {
      return false;
    }
    require(answer, "delete");
    return true;
  }

  /** Removes the remains of a blob whose writer failed. */
  void giveUp(BlobRef blob) {
    try {
      delete(blob);
    } catch (IOException failure) {
      log.atWarn()
          .addKeyValue("store", id)
          .addKeyValue("blob_id", blob.id())
          .setCause(failure)
          .log("Cannot remove a blob; garbage collection will");
    }
  }

  void forget(BlobRef blob) {
    writers.forget(blob);
  }

  @Override
  public void visit(Consumer<Entry> visitor) throws IOException {
    requireContainer();
    var committed = new HashSet<String>();
    client.list(config.container(), "", each -> committed.add(each.getString("name")));
    var sizes = new HashMap<String, Long>();
    var times = new HashMap<String, Instant>();
    var ours = new HashSet<String>();
    client.list(
        config.segments(),
        "",
        each -> {
          var name = NAME.matcher(each.getString("name"));
          if (name.matches()) {
            sizes.merge(name.group(1), each.getLong("bytes"), Long::sum);
            times.merge(name.group(1), changedAt(each), (a, b) -> a.isAfter(b) ? a : b);
            if (OURS.matcher(each.getString("name")).matches()) {
              ours.add(name.group(1));
            }
          }
        });
    ours.forEach(
        name ->
            visitor.accept(
                new Entry(
                    UUID.fromString(name),
                    sizes.getOrDefault(name, 0L),
                    committed.contains(name),
                    times.getOrDefault(name, Instant.EPOCH))));
  }

  /** Parses a time; Swift omits the zone, which is UTC, and Ceph has it. */
  private static Instant changedAt(JsonObject object) {
    var text = object.getString("last_modified").replace("Z", "");
    return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  @Override
  public void check() throws IOException {
    createContainers();
    requireContainer();
  }

  /** An object counts as missing only if the container exists. */
  private void requireContainer() throws IOException {
    require(client.send("HEAD", container()), "find the container");
  }

  @Override
  public void close() {
    client.close();
  }

  private String container() {
    return "/" + SwiftClient.encode(config.container());
  }

  @Override
  public boolean suitsVirtualThreads() {
    return true;
  }

  String object(BlobRef blob) {
    return container() + "/" + blob.id();
  }

  /** The path of an object beside the blob; the name begins with a slash. */
  String segment(BlobRef blob, String name) {
    return "/" + SwiftClient.encode(config.segments()) + "/" + blob.id() + name;
  }
}
