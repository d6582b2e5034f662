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
 * Makes answers what fronts expect: no word about this connection, which fronts may pass on as one
 * about the client's unless they pass on everything, and no chunks. An answer without a length ends
 * with the connection; one that is cut off then is told apart by the connection's reset.
 */
final class ResponseTrimmer extends ChannelOutboundHandlerAdapter {
  private boolean isEndedByClose;
  private boolean isWhole;

  /** Whether all of the answer has been handed over for sending. */
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

  /** Seconds that closing waits for the front to take the rest; at 0 it is a reset. */
  private static void linger(ChannelHandlerContext context, int seconds) {
    context.channel().config().setOption(ChannelOption.SO_LINGER, seconds);
  }
}
