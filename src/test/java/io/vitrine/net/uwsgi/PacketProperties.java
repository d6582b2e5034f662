package io.vitrine.net.uwsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What must hold however a packet and its body are cut into pieces, and whatever they are. */
class PacketProperties {
  private static final int MAX_BYTES = 4096;

  /** What comes out at the end of the decoders. */
  private record Received(int requests, Buffer body, boolean isWhole, boolean isBroken) {}

  @Provide
  Arbitrary<List<Variable>> variables() {
    var text = Arbitraries.strings().withCharRange((char) 0, (char) 255).ofMaxLength(60);
    return Combinators.combine(text, text).as(Variable::new).list().ofMaxSize(20);
  }

  @Property
  void cuttingAPacketDoesNotMatter(
      @ForAll("variables") List<Variable> variables,
      @ForAll @Size(max = 9) List<@IntRange(min = 1, max = 300) Integer> cuts)
      throws Exception {
    var packet = TestingPacket.empty();
    variables.forEach(each -> packet.with(each.name(), each.value()));
    var bytes = packet.with("", "").bytes();
    var parser = new PacketParser(MAX_BYTES);

    Optional<List<Variable>> parsed = Optional.empty();
    int rest = 0;
    for (var piece : pieces(join(bytes, "body".getBytes(ISO_8859_1)), cuts)) {
      var buffer = ByteBuffer.wrap(piece);
      if (parsed.isEmpty()) {
        parsed = parser.feed(buffer);
      }
      rest += buffer.remaining();
    }

    assertThat(parsed).contains(packet.variables());
    assertThat(rest).isEqualTo(4);
  }

  @Property(tries = 2000)
  void anyBytesAreAPacketOrRefused(@ForAll @Size(min = 4, max = 400) byte[] bytes) {
    var parser = new PacketParser(MAX_BYTES);
    // Else nearly all would be refused for their first byte, or wait for more.
    bytes[0] = 0;
    bytes[2] = 0;

    try {
      int size = Byte.toUnsignedInt(bytes[1]);
      assertThat(parser.feed(ByteBuffer.wrap(bytes)).isPresent())
          .isEqualTo(bytes.length - 4 >= size);
    } catch (RefusedPacketException refused) {
      assertThat(refused.status()).isIn(400, 431);
    }
  }

  @Property
  void aBodyOfKnownLengthIsThatLongWhateverFollows(
      @ForAll @Size(max = 500) byte[] body,
      @ForAll @Size(max = 500) byte[] more,
      @ForAll @Size(max = 9) List<@IntRange(min = 1, max = 300) Integer> cuts) {
    var head = TestingPacket.upload("/x").with("CONTENT_LENGTH", "" + body.length).bytes();
    var second = TestingPacket.of("DELETE", "/x").bytes();

    var received = receive(join(head, body, more, second), cuts);

    assertThat(received.requests()).isEqualTo(1);
    assertThat(received.isWhole()).isTrue();
    assertThat(received.body()).isEqualTo(Buffer.buffer(body));
  }

  @Property
  void aBodyThatIsCutIsNeverWhole(
      @ForAll @Size(min = 1, max = 500) byte[] body,
      @ForAll @IntRange(max = 499) int sent,
      @ForAll @Size(max = 9) List<@IntRange(min = 1, max = 300) Integer> cuts) {
    var head = TestingPacket.upload("/x").with("CONTENT_LENGTH", "" + body.length).bytes();

    var received = receive(join(head, Arrays.copyOf(body, sent % body.length)), cuts);

    assertThat(received.isWhole()).isFalse();
  }

  @Property
  void chunksAreWholeOnlyWithTheLastOne(
      @ForAll @Size(max = 5) List<@Size(min = 1, max = 200) byte[]> chunks,
      @ForAll @IntRange(max = 5) int missing,
      @ForAll @Size(max = 9) List<@IntRange(min = 1, max = 300) Integer> cuts) {
    var head = TestingPacket.upload("/x").with("HTTP_TRANSFER_ENCODING", "chunked").bytes();
    var framed = new ByteArrayOutputStream();
    var body = new ByteArrayOutputStream();
    for (var chunk : chunks) {
      framed.writeBytes((Integer.toHexString(chunk.length) + "\r\n").getBytes(ISO_8859_1));
      framed.writeBytes(chunk);
      framed.writeBytes("\r\n".getBytes(ISO_8859_1));
      body.writeBytes(chunk);
    }
    framed.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    var sent = Arrays.copyOf(framed.toByteArray(), framed.size() - missing);

    var received = receive(join(head, sent), cuts);

    assertThat(received.isWhole()).isEqualTo(missing == 0);
    if (missing == 0) {
      assertThat(received.body()).isEqualTo(Buffer.buffer(body.toByteArray()));
    }
  }

  @Property
  void rawDataInPlaceOfChunksIsBrokenOrUnfinished(@ForAll @Size(min = 2, max = 300) byte[] data) {
    // What begins with a zero could be the last chunk.
    data[0] = 'x';
    var head = TestingPacket.upload("/x").with("HTTP_TRANSFER_ENCODING", "chunked").bytes();

    var received = receive(join(head, data, "\n0\r\n\r\n".getBytes(ISO_8859_1)), List.of());

    assertThat(received.isWhole()).isFalse();
    assertThat(received.isBroken()).isTrue();
  }

  private static Received receive(byte[] bytes, List<Integer> cuts) {
    var channel = new EmbeddedChannel(new PacketDecoder(MAX_BYTES), new HttpRequestDecoder());
    pieces(bytes, cuts).forEach(piece -> channel.writeInbound(Unpooled.wrappedBuffer(piece)));
    int requests = 0;
    boolean isWhole = false;
    boolean isBroken = false;
    var body = new ByteArrayOutputStream();
    for (var message = channel.readInbound(); message != null; message = channel.readInbound()) {
      requests += message instanceof HttpRequest ? 1 : 0;
      if (message instanceof HttpContent content) {
        isBroken |= content.decoderResult().isFailure();
        isWhole |= message instanceof LastHttpContent && !content.decoderResult().isFailure();
        body.writeBytes(bytes(content.content()));
      }
      ReferenceCountUtil.release(message);
    }
    assertThat(channel.<Object>readOutbound()).isNull();
    channel.finishAndReleaseAll();
    return new Received(requests, Buffer.buffer(body.toByteArray()), isWhole, isBroken);
  }

  private static byte[] bytes(ByteBuf data) {
    var bytes = new byte[data.readableBytes()];
    data.getBytes(data.readerIndex(), bytes);
    return bytes;
  }

  private static List<byte[]> pieces(byte[] whole, List<Integer> cuts) {
    var pieces = new ArrayList<byte[]>();
    int start = 0;
    for (int cut : cuts) {
      int end = Math.min(whole.length, start + cut);
      pieces.add(Arrays.copyOfRange(whole, start, end));
      start = end;
    }
    pieces.add(Arrays.copyOfRange(whole, start, whole.length));
    return pieces;
  }

  private static byte[] join(byte[]... parts) {
    var whole = new ByteArrayOutputStream();
    for (var part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
