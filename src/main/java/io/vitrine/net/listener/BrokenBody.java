package io.vitrine.net.listener;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.TimeUnit;

/**
 * Lets the API answer a request with malformed chunks before its connection is closed; Vert.x
 * closes it at once. Sits in front of Vert.x's handler, from the first request on.
 */
public final class BrokenBody extends ChannelDuplexHandler {
  private static final long MAX_WAIT_SECONDS = 10;

  private int unanswered = 1;
  private boolean isBroken;
  private boolean isClosing;

  private BrokenBody() {}

  /** Watches a connection that has just received its first request. */
  public static void watch(ChannelHandlerContext vertx) {
    vertx.pipeline().addBefore(vertx.name(), null, new BrokenBody());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest) {
      unanswered++;
    }
    isBroken |= message instanceof HttpContent content && content.decoderResult().isFailure();
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof LastHttpContent && !isInterim(message)) {
      unanswered--;
      if (isClosing && unanswered <= 0) {
        promise.addListener(sent -> closed(context));
      }
    }
    super.write(context, message, promise);
  }

  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
    if (!isBroken || isClosing || unanswered <= 0) {
      // An answer may just have been written.
      context.flush();
      super.close(context, promise);
      return;
    }
    isClosing = true;
    var deadline =
        context.executor().schedule(() -> closed(context), MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    context
        .channel()
        .closeFuture()
        .addListener(
            closed -> {
              deadline.cancel(false);
              promise.trySuccess();
            });
  }

  private static void closed(ChannelHandlerContext context) {
    var _ = context.close();
  }
}
