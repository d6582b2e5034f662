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
 * The messages on the event bus. Within a process the objects themselves are passed, between nodes
 * their wire format.
 */
public sealed interface Message {

  /**
   * Asks a store to accept a blob.
   *
   * @param maxBytes a larger blob is refused
   * @param expectedBytes the size that the sender has declared, if any
   * @param content what the data claims to be; absent: it gets one digest and is not inspected
   * @param sender the address at which the sender receives {@link Credit} and {@link Broken}
   * @param claims the digests that the data must have
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

    /** A blob without claims. */
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
   * The declared content of an image.
   *
   * @param isInspected whether to refuse data that does not match the formats; otherwise it is only
   *     hashed
   * @param signature the signature that the data must match
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

    /** The same content with this signature, or without one. */
    public Content signed(Optional<ContentSignature> newSignature) {
      return new Content(diskFormat, containerFormat, isInspected, newSignature);
    }
  }

  /**
   * Replies to a {@link WriteRequest}: chunks may be sent to the address as long as there is
   * credit.
   */
  record WriteAccepted(String address, int windowBytes, int chunkBytes) implements Message {}

  /** Part of the data, in order. */
  record Chunk(Buffer data) implements Message {}

  /** Replies to a processed chunk and grants credit for more bytes. */
  record Credit(int bytes) implements Message {}

  /** The other side is alive but has nothing to send. */
  record Alive() implements Message {}

  /** All data has been sent; the reply is {@link Written}. */
  record Finish() implements Message {}

  /** The properties of a blob that is now durable. */
  record Written(long sizeBytes, Optional<Digests> digests, Optional<Long> virtualSizeBytes)
      implements Message {}

  /** The other side gives up; all resources of the transfer must be freed. */
  record Abort() implements Message {}

  /** The other side has given up for this reason. */
  record Broken(Problem problem) implements Message {}

  /**
   * Asks a store of this node for a blob's bytes.
   *
   * @param blobBytes the size that the blob must have, if known
   * @param range absent: the whole blob
   * @param receiver the address at which the receiver gets {@link Chunk}, {@link Finish} and {@link
   *     Broken}
   */
  record ReadRequest(
      BlobRef blob, Optional<Long> blobBytes, Optional<ByteRange> range, String receiver)
      implements Message {
    /** A read of a blob of unknown size. */
    public ReadRequest(BlobRef blob, Optional<ByteRange> range, String receiver) {
      this(blob, Optional.empty(), range, receiver);
    }
  }

  /** Asks a store, on any node, for a range of a blob; may be repeated. */
  record PieceRequest(BlobRef blob, ByteRange range) implements Message {}

  /**
   * Replies to a {@link PieceRequest}.
   *
   * @param blobBytes the size of the whole blob
   * @param data shorter than requested only at the end of the blob
   */
  record Piece(long blobBytes, Buffer data) implements Message {}

  /**
   * Replies to a {@link ReadRequest}: the bytes are in this file.
   *
   * @param isDirect whether to bypass the page cache
   */
  record LocalFile(String path, ByteRange range, boolean isDirect) implements Message {}

  /**
   * Replies to a {@link ReadRequest}: chunks are sent once the address has received {@link Credit}.
   */
  record ReadAccepted(String address, ByteRange range) implements Message {}

  /** Asks a store whether others depend on a blob; the reply is {@link Use}. */
  record UseRequest(BlobRef blob) implements Message {}

  /** Replies to a {@link UseRequest}. */
  record Use(boolean isInUse) implements Message {}

  /** Asks a store to delete a blob; the reply is {@link Deleted}. */
  record DeleteRequest(BlobRef blob) implements Message {}

  /**
   * Replies to a {@link DeleteRequest}.
   *
   * @param found whether there was anything to delete
   * @param everywhere whether all nodes share the store, so that no other node has the blob either
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

  /** The inverse of {@link #toJson(BlobRef)}. */
  static BlobRef toBlob(JsonObject json) {
    return new BlobRef(
        UUID.fromString(json.getString("id")),
        new ImageId(UUID.fromString(json.getString("image"))),
        json.getString("store"),
        BlobRef.Purpose.of(json.getString("purpose")),
        json.getString("node"));
  }
}
