package io.vitrine.net.uwsgi;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Adapts responses to fronts. Headers about this connection are removed, since fronts may pass them
 * on to the client, unless the front expects them verbatim. Chunked framing is removed: such a
 * response ends with the connection, and a reset tells that it is truncated.
 */
final class ResponseTrimmer extends ChannelOutboundHandlerAdapter {
  private boolean isEndedByClose;
  private boolean isWhole;

  /** Whether the whole response has been handed to the socket. */
  boolean isWhole() {
    return isWhole;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      var headers = response.headers();
      headers.remove(HttpHeaderNames.CONNECTION);
      var head = context.channel().attr(PacketDecoder.HEAD).get();
      if (head != null && head.isAnsweredVerbatim()) {
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
      if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        isEndedByClose = true;
        linger(context, 0);
      }
    }
    isWhole |= message instanceof LastHttpContent;
    if (isEndedByClose && message instanceof LastHttpContent) {
      context.write(message, promise.unvoid()).addListener(sent -> linger(context, -1));
    } else {
      var _ = context.write(message, promise);
    }
  }

  /**
   * How long, in seconds, closing waits for the front to receive the rest; 0 resets the connection.
   */
  private static void linger(ChannelHandlerContext context, int seconds) {
    context.channel().config().setOption(ChannelOption.SO_LINGER, seconds);
  }
}
