package io.vitrine.transfer.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import java.util.UUID;
import java.util.function.Function;

/**
 * The codecs of all messages. Nearly all stay in the process; only what nodes ask each other has a
 * wire format.
 */
public final class Codecs {
  private Codecs() {}

  /** Registers the codecs; once for each Vert.x instance. */
  public static void register(Vertx vertx) {
    register(vertx.eventBus()::registerDefaultCodec);
  }

  static void register(Registry registry) {
    for (var type : Message.class.getPermittedSubclasses()) {
      if (type == Message.PieceRequest.class) {
        registry.put(
            Message.PieceRequest.class,
            new WireCodec<>("PieceRequest", Codecs::fromPieceRequest, Codecs::toPieceRequest));
      } else if (type == Message.Piece.class) {
        registry.put(
            Message.Piece.class, new WireCodec<>("piece", Codecs::fromPiece, Codecs::toPiece));
      } else {
        local(registry, type);
      }
    }
  }

  private static <T> void local(Registry registry, Class<T> type) {
    registry.put(type, new LocalCodec<>(type.getSimpleName()));
  }

  private static Buffer fromPieceRequest(Message.PieceRequest request) {
    return new JsonObject()
        .put("offset", request.range().offset())
        .put("length", request.range().length())
        .put("blob", toJson(request.blob()))
        .toBuffer();
  }

  private static Message.PieceRequest toPieceRequest(Buffer bytes) {
    var json = bytes.toJsonObject();
    return new Message.PieceRequest(
        toBlob(json.getJsonObject("blob")),
        new ByteRange(json.getLong("offset"), json.getLong("length")));
  }

  private static JsonObject toJson(BlobRef blob) {
    return new JsonObject()
        .put("id", blob.id().toString())
        .put("image", blob.image().toString())
        .put("store", blob.store())
        .put("purpose", blob.purpose().text())
        .put("node", blob.node());
  }

  private static BlobRef toBlob(JsonObject json) {
    return new BlobRef(
        UUID.fromString(json.getString("id")),
        new ImageId(UUID.fromString(json.getString("image"))),
        BlobRef.Purpose.of(json.getString("purpose")),
        new BlobRef.Place(json.getString("store"), json.getString("node")));
  }

  private static Buffer fromPiece(Message.Piece piece) {
    return Buffer.buffer().appendLong(piece.blobBytes()).appendBuffer(piece.data());
  }

  private static Message.Piece toPiece(Buffer bytes) {
    return new Message.Piece(bytes.getLong(0), bytes.getBuffer(Long.BYTES, bytes.length()));
  }

  /** Registers a codec for a type of message. */
  interface Registry {
    <T> void put(Class<T> type, MessageCodec<T, T> codec);
  }

  /** Passes immutable messages as they are. */
  private record LocalCodec<T>(String name) implements MessageCodec<T, T> {
    @Override
    public void encodeToWire(Buffer wire, T message) {
      throw new UnsupportedOperationException(name + " stays in the process");
    }

    @Override
    public T decodeFromWire(int position, Buffer wire) {
      throw new UnsupportedOperationException(name + " stays in the process");
    }

    @Override
    public T transform(T message) {
      return message;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }

  /** Passes immutable messages as they are within the process, and as bytes to other nodes. */
  private record WireCodec<T>(String name, Function<T, Buffer> encode, Function<Buffer, T> decode)
      implements MessageCodec<T, T> {
    @Override
    public void encodeToWire(Buffer wire, T message) {
      var bytes = encode.apply(message);
      wire.appendInt(bytes.length()).appendBuffer(bytes);
    }

    @Override
    public T decodeFromWire(int position, Buffer wire) {
      int start = position + Integer.BYTES;
      return decode.apply(wire.getBuffer(start, start + wire.getInt(position)));
    }

    @Override
    public T transform(T message) {
      return message;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
