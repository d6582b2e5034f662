package io.vitrine.transfer.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecsTest {
  private static final BlobRef IMAGE = blob(BlobRef.Purpose.IMAGE);
  private static final BlobRef STAGED = blob(BlobRef.Purpose.STAGING);
  private static final ByteRange RANGE = new ByteRange(1L << 40, 1L << 41);

  /** What nodes send each other. */
  private static final Set<Class<?>> SHARED =
      Set.of(Message.PieceRequest.class, Message.Piece.class);

  private final Map<Class<?>, MessageCodec<?, ?>> codecs = new HashMap<>();

  CodecsTest() {
    Codecs.register(
        new Codecs.Registry() {
          @Override
          public <T> void put(Class<T> type, MessageCodec<T, T> codec) {
            codecs.put(type, codec);
          }
        });
  }

  static Stream<Message> shared() {
    return Stream.of(
        new Message.PieceRequest(IMAGE, RANGE),
        new Message.PieceRequest(STAGED, new ByteRange(0, 0)),
        new Message.Piece(1L << 40, Buffer.buffer("data")),
        new Message.Piece(0, Buffer.buffer()),
        new Message.Piece(4, Buffer.buffer(new byte[] {0, -1, '{', '\n'})));
  }

  @ParameterizedTest
  @MethodSource("shared")
  void whatNodesSendEachOtherSurvivesTheWire(Message message) {
    assertThat(overTheWire(message)).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("shared")
  void messagesStayTheSameInsideAProcess(Message message) {
    assertThat(codec(message.getClass()).transform(message)).isSameAs(message);
  }

  @Test
  void everyMessageHasItsOwnCodec() {
    assertThat(codecs.keySet()).containsExactlyInAnyOrder(Message.class.getPermittedSubclasses());
    assertThat(codecs.values()).extracting(MessageCodec::name).doesNotHaveDuplicates();
    assertThat(shared().<Class<?>>map(Message::getClass)).containsAll(SHARED);
  }

  @Test
  void allOtherMessagesStayInTheProcess() {
    var message = new Message.Alive();
    for (var type : codecs.keySet()) {
      if (!SHARED.contains(type)) {
        assertThat(codec(type).transform(message)).isSameAs(message);
        assertThatThrownBy(() -> codec(type).encodeToWire(Buffer.buffer(), message))
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining(type.getSimpleName());
      }
    }
  }

  private Message overTheWire(Message message) {
    var before = "before";
    var wire = Buffer.buffer(before);
    codec(message.getClass()).encodeToWire(wire, message);
    wire.appendString("after");
    return codec(message.getClass()).decodeFromWire(before.length(), wire);
  }

  @SuppressWarnings("unchecked") // A codec is registered for its own type, or passes any.
  private MessageCodec<Message, Message> codec(Class<?> type) {
    return (MessageCodec<Message, Message>) Objects.requireNonNull(codecs.get(type));
  }

  private static BlobRef blob(BlobRef.Purpose purpose) {
    return new BlobRef(
        UUID.randomUUID(), ImageId.random(), purpose, new BlobRef.Place("fast", "node-é"));
  }
}
