package io.vitrine.transfer.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.ContentSignature;
import io.vitrine.image.Digests;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Problem;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What travels on the event bus. Inside a process the objects themselves do; between nodes their
 * wire form.
 */
public sealed interface Message {

  /**
   * Asks a store to take a blob.
   *
   * @param maxBytes the blob is refused when it grows larger
   * @param expectedBytes the length that the sender declared, if it did
   * @param content what the data claims to be; absent: it is hashed once, and not inspected
   * @param sender where the sender of the data takes {@link Credit} and {@link Broken}
   * @param claims the blob is refused when it does not hash to all of these
   */
  record WriteRequest(
      BlobRef blob,
      long maxBytes,
      Optional<Long> expectedBytes,
      Optional<Content> content,
      String sender,
      List<HashClaim> claims)
      implements Message {
    /** Copies the list. */
    public WriteRequest {
      claims = List.copyOf(claims);
    }

    /** A blob of which nothing is claimed. */
    public WriteRequest(
        BlobRef blob,
        long maxBytes,
        Optional<Long> expectedBytes,
        Optional<Content> content,
        String sender) {
      this(blob, maxBytes, expectedBytes, content, sender, List.of());
    }
  }

  /**
   * What an image declares of its data.
   *
   * @param isInspected whether the data is refused when it is not of these formats; else it is only
   *     hashed
   * @param signature the data is refused when it does not fit
   */
  record Content(
      String diskFormat,
      String containerFormat,
      boolean isInspected,
      Optional<ContentSignature> signature) {
    /** Content without a signature. */
    public Content(String diskFormat, String containerFormat, boolean isInspected) {
      this(diskFormat, containerFormat, isInspected, Optional.empty());
    }

    /** Content that is inspected, without a signature. */
    public Content(String diskFormat, String containerFormat) {
      this(diskFormat, containerFormat, true);
    }

    /** The same with a signature, or without one. */
    public Content signed(Optional<ContentSignature> newSignature) {
      return new Content(diskFormat, containerFormat, isInspected, newSignature);
    }
  }

  /** Answers a {@link WriteRequest}: chunks may go to the address while credit lasts. */
  record WriteAccepted(String address, int windowBytes, int chunkBytes) implements Message {}

  /** Some of the data, in order. */
  record Chunk(Buffer data) implements Message {}

  /** Answers a chunk that has been dealt with, and gives credit for so many more bytes. */
  record Credit(int bytes) implements Message {}

  /** The other side is alive but has nothing to send. */
  record Alive() implements Message {}

  /** All data has been sent; answered with {@link Written}. */
  record Finish() implements Message {}

  /** What a store knows of the blob it has made durable. */
  record Written(long sizeBytes, Optional<Digests> digests, Optional<Long> virtualSizeBytes)
      implements Message {}

  /** The sender or receiver gives up; everything of the transfer is to be freed. */
  record Abort() implements Message {}

  /** The other side had to give up, and why. */
  record Broken(Problem problem) implements Message {}

  /**
   * Asks a store of this node for a blob's bytes.
   *
   * @param blobBytes how large the blob must be, if the asker knows
   * @param range absent: all of it
   * @param receiver where the asker takes {@link Chunk}, {@link Finish} and {@link Broken}
   */
  record ReadRequest(
      BlobRef blob, Optional<Long> blobBytes, Optional<ByteRange> range, String receiver)
      implements Message {
    /** A blob whose size is not known. */
    public ReadRequest(BlobRef blob, Optional<ByteRange> range, String receiver) {
      this(blob, Optional.empty(), range, receiver);
    }
  }

  /** Asks a store, of another node too, for so many bytes of a blob; can be asked again. */
  record PieceRequest(BlobRef blob, ByteRange range) implements Message {}

  /**
   * Answers a {@link PieceRequest}.
   *
   * @param blobBytes the size of the whole blob
   * @param data fewer bytes than were asked for only if the blob ends there
   */
  record Piece(long blobBytes, Buffer data) implements Message {}

  /**
   * Answers a {@link ReadRequest}: the bytes lie in this file.
   *
   * @param isDirect whether they are to be read past the system's cache of files
   */
  record LocalFile(String path, ByteRange range, boolean isDirect) implements Message {}

  /** Answers a {@link ReadRequest}: chunks come once the address has been sent {@link Credit}. */
  record ReadAccepted(String address, ByteRange range) implements Message {}

  /** Asks a store whether others depend on a blob; answered with {@link Use}. */
  record UseRequest(BlobRef blob) implements Message {}

  /** Answers a {@link UseRequest}. */
  record Use(boolean isInUse) implements Message {}

  /** Asks a store to remove a blob; answered with {@link Deleted}. */
  record DeleteRequest(BlobRef blob) implements Message {}

  /**
   * Answers a {@link DeleteRequest}.
   *
   * @param found whether there was something to remove
   * @param everywhere whether the store is the same for all nodes, so that no other has it either
   */
  record Deleted(boolean found, boolean everywhere) implements Message {}

  /** The blob as JSON, for the wire. */
  static JsonObject toJson(BlobRef blob) {
    return new JsonObject()
        .put("id", blob.id().toString())
        .put("image", blob.image().toString())
        .put("store", blob.store())
        .put("purpose", blob.purpose().text())
        .put("node", blob.node());
  }

  /** The reverse of {@link #toJson(BlobRef)}. */
  static BlobRef toBlob(JsonObject json) {
    return new BlobRef(
        UUID.fromString(json.getString("id")),
        new ImageId(UUID.fromString(json.getString("image"))),
        json.getString("store"),
        BlobRef.Purpose.of(json.getString("purpose")),
        json.getString("node"));
  }
}
