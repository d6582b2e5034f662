package io.vitrine.net.uwsgi;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Drops what the HTTP decoder finds behind a connection's only request. Only the decoder knows
 * where chunks end; what a front sends after them is no request, and nobody would answer it.
 */
final class OneRequest extends ChannelInboundHandlerAdapter {
  private boolean isWhole;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isWhole) {
      ReferenceCountUtil.release(message);
      return;
    }
    isWhole = message instanceof LastHttpContent;
    context.fireChannelRead(message);
  }
}
