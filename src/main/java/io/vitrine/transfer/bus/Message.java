package io.vitrine.transfer.bus;

import io.vertx.core.buffer.Buffer;
import io.vitrine.image.ContentSignature;
import io.vitrine.image.Digests;
import io.vitrine.image.location.BlobPart;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Problem;
import java.util.List;
import java.util.Optional;

/**
 * The messages on the event bus. Within a process the objects themselves are passed; only {@link
 * PieceRequest} and {@link Piece} also go to other nodes, in a wire format.
 */
public sealed interface Message {

  /**
   * Asks a store to accept a blob.
   *
   * @param content what the data claims to be; absent: it gets one digest and is not inspected
   * @param resumption present if the blob may take several requests
   * @param sender the address at which the sender receives {@link Credit} and {@link Broken}
   */
  record WriteRequest(
      BlobRef blob,
      Constraints constraints,
      Optional<Content> content,
      Optional<Resumption> resumption,
      String sender)
      implements Message {
    /** A request for all the data of a blob. */
    public WriteRequest(
        BlobRef blob, Constraints constraints, Optional<Content> content, String sender) {
      this(blob, constraints, content, Optional.empty(), sender);
    }
  }

  /**
   * One request of several for the data of a blob. What it brings stays in the store, invisible,
   * even if the sender gives up. {@link Finish} ends the request, and also the blob if that is
   * whole then.
   *
   * @param turn counts the requests from 1
   * @param offset how many bytes of the blob stay; the store discards those after them
   * @param checksum what the data of this request must hash to
   */
  record Resumption(long turn, long offset, Optional<HashClaim> checksum, TurnKind kind) {
    /** A request after which the blob is whole if it has its expected size then. */
    public Resumption(long turn, long offset, Optional<HashClaim> checksum) {
      this(turn, offset, checksum, TurnKind.AT_LENGTH);
    }
  }

  /** Whether a blob that takes several requests is whole after one of them, and what it is then. */
  enum TurnKind {
    /** It is whole if it has its expected size. */
    AT_LENGTH,

    /** It is not whole, whatever its size. */
    MORE,

    /** It is whole, and must have its expected size if there is one. */
    LAST,

    /** It is data of a part, which is not whole before {@link #PART_END}, whatever its size. */
    PART,

    /** It is a whole part of another blob, which can be read from now on. */
    PART_END;

    /** Whether the blob is a part of a larger one; it is neither inspected nor hashed. */
    public boolean isOfPart() {
      return switch (this) {
        case PART, PART_END -> true;
        case AT_LENGTH, MORE, LAST -> false;
      };
    }
  }

  /**
   * What the data of a blob must satisfy, or else the store refuses it.
   *
   * @param maxBytes the most bytes that it may have
   * @param expectedBytes the size that the sender has declared, if any
   * @param digests the digests that it must have
   */
  record Constraints(long maxBytes, Optional<Long> expectedBytes, List<HashClaim> digests) {
    /** Copies the list. */
    public Constraints {
      digests = List.copyOf(digests);
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
   *
   * @param chunkBytes the smallest size of a chunk but the last
   * @param file a file of this machine in which the data of processed chunks can be read, if it is
   *     opened before the end
   */
  record WriteAccepted(String address, int windowBytes, int chunkBytes, Optional<String> file)
      implements Message {}

  /** Part of the data, in order. */
  record Chunk(Buffer data) implements Message {}

  /** Replies to a processed chunk, in their order, and grants credit for more bytes. */
  record Credit(int bytes) implements Message {}

  /** The other side is alive but has nothing to send. */
  record Alive() implements Message {}

  /**
   * Asks to make durable what has been sent of a blob that may take several requests; the reply is
   * {@link Kept}.
   *
   * @param isLast whether the request ends with it
   */
  record Keep(boolean isLast) implements Message {}

  /** Replies to a {@link Keep}: so many bytes of the blob are durable. */
  record Kept(long sizeBytes) implements Message {}

  /** All data has been sent; the reply is {@link Written}. */
  record Finish() implements Message {}

  /**
   * The properties of a blob that is now durable.
   *
   * @param digests absent if more requests must bring the rest of the blob, and of parts
   */
  record Written(long sizeBytes, Optional<Digests> digests, Optional<Long> virtualSizeBytes)
      implements Message {}

  /** The other side gives up; all resources of the transfer must be freed. */
  record Abort() implements Message {}

  /** The other side has given up for this reason. */
  record Broken(Problem problem) implements Message {}

  /**
   * Asks a store of this node where a blob's bytes are; the reply is {@link LocalFile} or {@link
   * NoFile}.
   */
  record LocateRequest(BlobPart part) implements Message {}

  /**
   * Replies to a {@link LocateRequest}: the bytes are in this file.
   *
   * @param isDirect whether to bypass the page cache
   */
  record LocalFile(String path, ByteRange range, boolean isDirect) implements Message {}

  /** Replies to a {@link LocateRequest}: the bytes have to be streamed, if they are here at all. */
  record NoFile() implements Message {}

  /**
   * Asks a store of this node to stream a blob's bytes.
   *
   * @param receiver the address at which the receiver gets {@link Chunk}, {@link Finish} and {@link
   *     Broken}
   */
  record ReadRequest(BlobPart part, String receiver) implements Message {}

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
}
