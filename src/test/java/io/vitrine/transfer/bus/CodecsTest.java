package io.vitrine.transfer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vitrine.image.ContentSignature;
import io.vitrine.image.Digests;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecsTest {
  private static final BlobRef IMAGE = blob(BlobRef.Purpose.IMAGE);
  private static final BlobRef STAGED = blob(BlobRef.Purpose.STAGING);
  private static final ByteRange RANGE = new ByteRange(1L << 40, 1L << 41);
  private static final Digests DIGESTS = new Digests("ab", "sha512", "cd", "ef");

  private final Map<Class<?>, MessageCodec<?, ?>> codecs = new HashMap<>();

  CodecsTest() {
    Codecs.register(codecs::put);
  }

  static Stream<Message> messages() {
    return Stream.of(
        new Message.WriteRequest(
            IMAGE,
            1L << 40,
            Optional.of(0L),
            Optional.of(new Message.Content("raw", "bare")),
            "stream.é"),
        new Message.WriteRequest(
            IMAGE,
            0,
            Optional.empty(),
            Optional.of(
                new Message.Content("raw", "bare")
                    .signed(Optional.of(new ContentSignature("c2ln", "SHA-256", "DSA", "a2V5")))),
            ""),
        new Message.WriteRequest(STAGED, 0, Optional.empty(), Optional.empty(), ""),
        new Message.WriteRequest(
            STAGED,
            0,
            Optional.empty(),
            Optional.empty(),
            "",
            List.of(HashClaim.of("md5", "0".repeat(32)), HashClaim.of("sha256", "1".repeat(64)))),
        new Message.WriteAccepted("store.a", 4 << 20, 1 << 20),
        new Message.Chunk(Buffer.buffer()),
        new Message.Chunk(Buffer.buffer(new byte[] {0, -1, '{', '\n'})),
        new Message.Credit(Integer.MAX_VALUE),
        new Message.Alive(),
        new Message.Finish(),
        new Message.Written(1L << 40, Optional.of(DIGESTS), Optional.of(1L << 41)),
        new Message.Written(0, Optional.empty(), Optional.empty()),
        new Message.Abort(),
        new Message.Broken(new Problem.OutOfRange("outside", 1L << 40)),
        new Message.ReadRequest(IMAGE, Optional.of(RANGE), "stream.b"),
        new Message.PieceRequest(STAGED, RANGE),
        new Message.Piece(1L << 40, Buffer.buffer("data")),
        new Message.ReadRequest(STAGED, Optional.empty(), "stream.b"),
        new Message.LocalFile("/srv/é", RANGE, true),
        new Message.ReadAccepted("store.b", RANGE),
        new Message.UseRequest(IMAGE),
        new Message.Use(true),
        new Message.DeleteRequest(IMAGE),
        new Message.Deleted(true, false),
        new Message.Deleted(false, true));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messagesSurviveTheWire(Message message) {
    assertThat(overTheWire(message)).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messagesStayTheSameInsideAProcess(Message message) {
    assertThat(codec(message).transform(message)).isSameAs(message);
  }

  @Test
  void everyMessageHasItsOwnCodec() {
    assertThat(codecs.keySet()).containsExactlyInAnyOrder(Message.class.getPermittedSubclasses());
    assertThat(codecs.values()).extracting(MessageCodec::name).doesNotHaveDuplicates();
    assertThat(messages().<Class<?>>map(Message::getClass)).containsAll(codecs.keySet());
  }

  private Message overTheWire(Message message) {
    var before = "before";
    var wire = Buffer.buffer(before);
    codec(message).encodeToWire(wire, message);
    wire.appendString("after");
    return codec(message).decodeFromWire(before.length(), wire);
  }

  @SuppressWarnings("unchecked") // A codec is registered for its own type.
  private MessageCodec<Message, Message> codec(Message message) {
    return (MessageCodec<Message, Message>) Objects.requireNonNull(codecs.get(message.getClass()));
  }

  private static BlobRef blob(BlobRef.Purpose purpose) {
    return new BlobRef(UUID.randomUUID(), ImageId.random(), "fast", purpose, "node-é");
  }
}
