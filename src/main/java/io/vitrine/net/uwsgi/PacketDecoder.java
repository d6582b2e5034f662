package io.vitrine.net.uwsgi;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AttributeKey;

/**
 * Turns a connection's only request into HTTP/1.1 for the next decoder. The head is rewritten. A
 * body of known length passes unchanged, up to its last byte; chunks pass with their framing, since
 * the next decoder finds their end.
 */
final class PacketDecoder extends ChannelInboundHandlerAdapter {
  /** The request of a connection. */
  static final AttributeKey<RequestHead> HEAD = AttributeKey.valueOf(PacketDecoder.class, "head");

  private final PacketParser parser;
  private Phase phase = Phase.HEAD;
  private long remainingBytes;

  private enum Phase {
    HEAD,
    BODY,
    CHUNKS,
    REFUSED
  }

  /** A decoder with a limit on the size of heads. */
  PacketDecoder(int maxHeadBytes) {
    parser = new PacketParser(maxHeadBytes);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var data = (ByteBuf) message;
    if (phase == Phase.HEAD) {
      readHead(context, data);
    }
    switch (phase) {
      case HEAD, REFUSED -> data.release();
      case BODY -> passBody(context, data);
      case CHUNKS -> context.fireChannelRead(data);
    }
  }

  private void readHead(ChannelHandlerContext context, ByteBuf data) {
    try {
      var bytes = data.nioBuffer();
      var variables = parser.feed(bytes);
      data.skipBytes(data.readableBytes() - bytes.remaining());
      if (variables.isPresent()) {
        begin(context, RequestHead.of(variables.get()));
      }
    } catch (RefusedPacketException refused) {
      refuse(context, refused);
    }
  }

  private void begin(ChannelHandlerContext context, RequestHead head) {
    switch (head.body()) {
      case RequestHead.BodyLength.Known(long bytes) -> {
        phase = Phase.BODY;
        remainingBytes = bytes;
      }
      case RequestHead.BodyLength.Chunked chunked -> phase = Phase.CHUNKS;
    }
    context.channel().attr(HEAD).set(head);
    context.fireChannelRead(Unpooled.wrappedBuffer(head.toHttp()));
  }

  private void passBody(ChannelHandlerContext context, ByteBuf data) {
    if (data.readableBytes() > remainingBytes) {
      data.writerIndex(data.readerIndex() + (int) remainingBytes);
    }
    remainingBytes -= data.readableBytes();
    if (data.isReadable()) {
      context.fireChannelRead(data);
    } else {
      data.release();
    }
  }

  /**
   * Answers and waits for the front to close: closing first could destroy the answer while the
   * front is still sending. The idle timeout closes the connection of a front that does not.
   */
  private void refuse(ChannelHandlerContext context, RefusedPacketException refused) {
    phase = Phase.REFUSED;
    var body = (refused.detail() + "\n").getBytes(UTF_8);
    var head =
        """
        HTTP/1.1 %s\r
        Content-Type: text/plain; charset=UTF-8\r
        Content-Length: %d\r
        \r
        """
            .formatted(HttpResponseStatus.valueOf(refused.status()), body.length);
    var channel = (DuplexChannel) context.channel();
    context
        .writeAndFlush(Unpooled.wrappedBuffer(head.getBytes(UTF_8), body))
        .addListener(
            sent -> {
              channel.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            });
  }
}
