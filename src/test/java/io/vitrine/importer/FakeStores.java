package io.vitrine.importer;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.ProblemCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All stores of a node, as files of one directory; some refuse all data. */
public final class FakeStores {
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int CHUNK_BYTES = 64 << 10;

  private final EventBus bus;
  private final Path directory;
  private final Map<String, ProblemException> refusals = new ConcurrentHashMap<>();
  private final List<BlobRef> deleted = new CopyOnWriteArrayList<>();

  /** The addresses of those who write to each store. */
  private final Map<String, String> senders = new ConcurrentHashMap<>();

  /** Serves the stores of {@link TestingWorker#NODE}. */
  public FakeStores(Vertx vertx, Path directory) {
    this.bus = vertx.eventBus();
    this.directory = directory;
    bus.<Message.WriteRequest>consumer(Addresses.write(TestingWorker.NODE), this::write);
    bus.<Message.LocateRequest>consumer(Addresses.locate(TestingWorker.NODE), this::locate);
    bus.<Message.DeleteRequest>consumer(Addresses.delete(TestingWorker.NODE), this::delete);
  }

  /** The store refuses data for this reason. */
  public void refuse(String store, ProblemException reason) {
    refusals.put(store, reason);
  }

  /** The store gives up the latest write to it. */
  public void breakOff(String store) {
    bus.send(senders.get(store), new Message.Broken(new Problem.Unavailable("It broke off.")));
  }

  /** What has arrived of a blob that is being written. */
  public byte[] arrived(BlobRef blob) {
    try {
      return Files.readAllBytes(directory.resolve(blob.content() + ".part"));
    } catch (IOException absent) {
      return new byte[0];
    }
  }

  /** Puts data where a blob's is, as if it had been written. */
  public StoredBlob put(BlobRef blob, byte[] data) throws IOException {
    Files.write(file(blob), data);
    return new StoredBlob(blob, data.length, digests(data).map(Digests::value));
  }

  /** The data of a blob. */
  public byte[] get(BlobRef blob) throws IOException {
    return Files.readAllBytes(file(blob));
  }

  /** The blobs that were deleted. */
  public List<BlobRef> deleted() {
    return List.copyOf(deleted);
  }

  /** The digests that the stores compute. */
  public static Optional<Digests> digests(byte[] data) {
    return Optional.of(
        new Digests(
            hash(HashAlgorithm.MD5, data), HashAlgorithm.SHA512, hash(HashAlgorithm.SHA512, data)));
  }

  private static String hash(HashAlgorithm algorithm, byte[] data) {
    return HexFormat.of().formatHex(algorithm.begin().digest(data));
  }

  private Path file(BlobRef blob) {
    return directory.resolve(blob.content().toString());
  }

  private void write(io.vertx.core.eventbus.Message<Message.WriteRequest> request) {
    var blob = request.body().blob();
    var refusal = refusals.get(blob.store());
    if (refusal != null) {
      request.fail(ProblemCodec.toReply(refusal).failureCode(), message(refusal));
      return;
    }
    senders.put(blob.store(), request.body().sender());
    var data = Buffer.buffer();
    var part = part(blob);
    var address = "store." + UUID.randomUUID();
    bus.<Message>consumer(
        address,
        message -> {
          switch (message.body()) {
            case Message.Chunk(var piece) -> {
              data.appendBuffer(piece);
              append(part, piece.getBytes());
              bus.send(request.body().sender(), new Message.Credit(piece.length()));
            }
            case Message.Finish() -> message.reply(store(blob, data.getBytes()));
            default -> {}
          }
        });
    request.reply(
        new Message.WriteAccepted(
            address, WINDOW_BYTES, CHUNK_BYTES, Optional.of(part.toString())));
  }

  /** The file that grows while the data arrives. */
  private Path part(BlobRef blob) {
    try {
      return Files.createFile(directory.resolve(blob.content() + ".part"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void append(Path part, byte[] piece) {
    try {
      Files.write(part, piece, StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Message.Written store(BlobRef blob, byte[] data) {
    try {
      Files.delete(directory.resolve(blob.content() + ".part"));
      put(blob, data);
      return new Message.Written(data.length, digests(data), Optional.empty());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void locate(io.vertx.core.eventbus.Message<Message.LocateRequest> request) {
    var part = request.body().part();
    var file = file(part.blob());
    if (Files.exists(file)) {
      var range = part.range().orElseGet(() -> new ByteRange(0, size(file)));
      request.reply(new Message.LocalFile(file.toString(), range, false));
    } else {
      var absent = ProblemException.notFound("no such blob");
      request.fail(ProblemCodec.toReply(absent).failureCode(), message(absent));
    }
  }

  private void delete(io.vertx.core.eventbus.Message<Message.DeleteRequest> request) {
    deleted.add(request.body().blob());
    request.reply(new Message.Deleted(true, true));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String message(ProblemException failure) {
    return String.valueOf(ProblemCodec.toReply(failure).getMessage());
  }
}
