package io.vitrine.net.internals;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http1xOrH2CHandler;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Replaces Vert.x's HTTP/1.1 decoder by the strict one before it has seen any bytes. Moves behind
 * the handlers of the PROXY protocol and TLS, and removes itself when done.
 */
public final class DecoderSwap extends ChannelInboundHandlerAdapter {
  private final HttpServerOptions options;
  private final boolean isBehindTls;

  /** For one connection of a server with these options. */
  public DecoderSwap(HttpServerOptions options) {
    this(options, false);
  }

  private DecoderSwap(HttpServerOptions options, boolean isBehindTls) {
    this.options = options;
    this.isBehindTls = isBehindTls;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var pipeline = context.pipeline();
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
    } else if (pipeline.context(HAProxyMessageDecoder.class) != null) {
      move(pipeline, pipeline.context(HAProxyMessageDecoder.class), false);
      context.fireChannelRead(bytes);
    } else if (!isBehindTls && pipeline.context(SslHandler.class) != null) {
      move(pipeline, pipeline.context(SslHandler.class), true);
      context.fireChannelRead(bytes);
    } else {
      if (isProtocolKnown(context, bytes)) {
        swap(pipeline);
      }
      context.fireChannelRead(bytes);
    }
  }

  private void swap(ChannelPipeline pipeline) {
    pipeline.remove(this);
    if (pipeline.get(VertxHttpRequestDecoder.class) != null) {
      pipeline.replace(
          VertxHttpRequestDecoder.class, Channels.HTTP_DECODER, new StrictRequestDecoder(options));
    }
  }

  private void move(ChannelPipeline pipeline, ChannelHandlerContext behind, boolean isTls) {
    pipeline.addAfter(behind.name(), null, new DecoderSwap(options, isTls));
    pipeline.remove(this);
  }

  /** Without TLS, Vert.x installs a decoder only after it has seen the first bytes. */
  private static boolean isProtocolKnown(ChannelHandlerContext context, ByteBuf bytes) {
    while (bytes.isReadable() && isUndecided(context)) {
      context.fireChannelRead(bytes.readRetainedSlice(1));
    }
    return !isUndecided(context);
  }

  private static boolean isUndecided(ChannelHandlerContext context) {
    return context.pipeline().get(Http1xOrH2CHandler.class) != null;
  }
}
