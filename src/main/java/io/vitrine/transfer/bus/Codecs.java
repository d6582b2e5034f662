package io.vitrine.transfer.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.ContentSignature;
import io.vitrine.image.Digests;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.HashClaim;
import java.util.Optional;
import java.util.function.Function;

/** The wire format of all messages. */
public final class Codecs {
  private Codecs() {}

  /** Registers the codecs; once for each Vert.x instance. */
  public static void register(Vertx vertx) {
    register(vertx.eventBus()::registerDefaultCodec);
  }

  static void register(Registry registry) {
    registry.put(
        Message.Chunk.class, new WireCodec<>("chunk", Message.Chunk::data, Message.Chunk::new));
    json(registry, Message.WriteRequest.class, Codecs::fromWriteRequest, Codecs::toWriteRequest);
    json(
        registry,
        Message.WriteAccepted.class,
        it ->
            new JsonObject()
                .put("address", it.address())
                .put("window", it.windowBytes())
                .put("chunk", it.chunkBytes()),
        it ->
            new Message.WriteAccepted(
                it.getString("address"), it.getInteger("window"), it.getInteger("chunk")));
    json(
        registry,
        Message.Credit.class,
        it -> new JsonObject().put("bytes", it.bytes()),
        it -> new Message.Credit(it.getInteger("bytes")));
    json(registry, Message.Alive.class, it -> new JsonObject(), it -> new Message.Alive());
    json(registry, Message.Finish.class, it -> new JsonObject(), it -> new Message.Finish());
    json(registry, Message.Abort.class, it -> new JsonObject(), it -> new Message.Abort());
    json(registry, Message.Written.class, Codecs::fromWritten, Codecs::toWritten);
    json(
        registry,
        Message.Broken.class,
        it -> ProblemCodec.toJson(it.problem()),
        it -> new Message.Broken(ProblemCodec.toProblem(it)));
    json(registry, Message.ReadRequest.class, Codecs::fromReadRequest, Codecs::toReadRequest);
    json(
        registry,
        Message.PieceRequest.class,
        it -> fromRange(it.range()).put("blob", Message.toJson(it.blob())),
        it -> new Message.PieceRequest(Message.toBlob(it.getJsonObject("blob")), toRange(it)));
    registry.put(
        Message.Piece.class,
        new WireCodec<>(
            "piece",
            it -> Buffer.buffer().appendLong(it.blobBytes()).appendBuffer(it.data()),
            it -> new Message.Piece(it.getLong(0), it.getBuffer(Long.BYTES, it.length()))));
    json(
        registry,
        Message.LocalFile.class,
        it -> fromRange(it.range()).put("path", it.path()).put("direct", it.isDirect()),
        it -> new Message.LocalFile(it.getString("path"), toRange(it), it.getBoolean("direct")));
    json(
        registry,
        Message.ReadAccepted.class,
        it -> fromRange(it.range()).put("address", it.address()),
        it -> new Message.ReadAccepted(it.getString("address"), toRange(it)));
    json(
        registry,
        Message.UseRequest.class,
        it -> Message.toJson(it.blob()),
        it -> new Message.UseRequest(Message.toBlob(it)));
    json(
        registry,
        Message.Use.class,
        it -> new JsonObject().put("used", it.isInUse()),
        it -> new Message.Use(it.getBoolean("used")));
    json(
        registry,
        Message.DeleteRequest.class,
        it -> Message.toJson(it.blob()),
        it -> new Message.DeleteRequest(Message.toBlob(it)));
    json(
        registry,
        Message.Deleted.class,
        it -> new JsonObject().put("found", it.found()).put("everywhere", it.everywhere()),
        it -> new Message.Deleted(it.getBoolean("found"), it.getBoolean("everywhere")));
  }

  private static <T extends Message> void json(
      Registry registry,
      Class<T> type,
      Function<T, JsonObject> encode,
      Function<JsonObject, T> decode) {
    registry.put(
        type,
        new WireCodec<>(
            type.getSimpleName(),
            message -> encode.apply(message).toBuffer(),
            buffer -> decode.apply(buffer.toJsonObject())));
  }

  private static JsonObject fromWriteRequest(Message.WriteRequest request) {
    var json =
        new JsonObject()
            .put("blob", Message.toJson(request.blob()))
            .put("max", request.maxBytes())
            .put("sender", request.sender());
    if (!request.claims().isEmpty()) {
      var claims = new JsonArray();
      request
          .claims()
          .forEach(each -> claims.add(JsonArray.of(each.algorithm().text(), each.value())));
      json.put("claims", claims);
    }
    request.expectedBytes().ifPresent(expected -> json.put("expected", expected));
    request
        .content()
        .ifPresent(
            content -> {
              json.put("disk", content.diskFormat())
                  .put("container", content.containerFormat())
                  .put("inspected", content.isInspected());
              content.signature().ifPresent(it -> json.put("signature", fromSignature(it)));
            });
    return json;
  }

  private static Message.WriteRequest toWriteRequest(JsonObject json) {
    return new Message.WriteRequest(
        Message.toBlob(json.getJsonObject("blob")),
        json.getLong("max"),
        Optional.ofNullable(json.getLong("expected")),
        Optional.ofNullable(json.getString("disk"))
            .map(
                disk ->
                    new Message.Content(
                            disk, json.getString("container"), json.getBoolean("inspected"))
                        .signed(
                            Optional.ofNullable(json.getJsonObject("signature"))
                                .map(Codecs::toSignature))),
        json.getString("sender"),
        json.getJsonArray("claims", new JsonArray()).stream()
            .map(JsonArray.class::cast)
            .map(each -> HashClaim.of(each.getString(0), each.getString(1)))
            .toList());
  }

  private static JsonObject fromSignature(ContentSignature signature) {
    return new JsonObject()
        .put("value", signature.value())
        .put("hash", signature.hashMethod())
        .put("type", signature.keyType())
        .put("key", signature.publicKey());
  }

  private static ContentSignature toSignature(JsonObject json) {
    return new ContentSignature(
        json.getString("value"),
        json.getString("hash"),
        json.getString("type"),
        json.getString("key"));
  }

  private static JsonObject fromWritten(Message.Written written) {
    var json = new JsonObject().put("size", written.sizeBytes());
    written
        .digests()
        .ifPresent(
            it ->
                json.put("md5", it.md5())
                    .put("algorithm", it.algorithm())
                    .put("value", it.value())
                    .put("sha256", it.sha256()));
    written.virtualSizeBytes().ifPresent(it -> json.put("virtual", it));
    return json;
  }

  private static Message.Written toWritten(JsonObject json) {
    return new Message.Written(
        json.getLong("size"),
        Optional.ofNullable(json.getString("value"))
            .map(
                value ->
                    new Digests(
                        json.getString("md5"),
                        json.getString("algorithm"),
                        value,
                        json.getString("sha256"))),
        Optional.ofNullable(json.getLong("virtual")));
  }

  private static JsonObject fromReadRequest(Message.ReadRequest request) {
    var json = request.range().map(Codecs::fromRange).orElseGet(JsonObject::new);
    request.blobBytes().ifPresent(bytes -> json.put("size", bytes));
    return json.put("blob", Message.toJson(request.blob())).put("receiver", request.receiver());
  }

  private static Message.ReadRequest toReadRequest(JsonObject json) {
    return new Message.ReadRequest(
        Message.toBlob(json.getJsonObject("blob")),
        Optional.ofNullable(json.getLong("size")),
        json.containsKey("offset") ? Optional.of(toRange(json)) : Optional.empty(),
        json.getString("receiver"));
  }

  private static JsonObject fromRange(ByteRange range) {
    return new JsonObject().put("offset", range.offset()).put("length", range.length());
  }

  private static ByteRange toRange(JsonObject json) {
    return new ByteRange(json.getLong("offset"), json.getLong("length"));
  }

  /** Registers a codec for a type of message. */
  interface Registry {
    <T extends Message> void put(Class<T> type, MessageCodec<T, T> codec);
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
