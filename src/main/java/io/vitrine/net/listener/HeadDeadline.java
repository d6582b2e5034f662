package io.vitrine.net.listener;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes an HTTP/1.1 connection when a request after the first begins but its head is not complete
 * in time. Sits behind the decoder, from the first request on.
 */
final class HeadDeadline extends ChannelDuplexHandler {
  private final Duration timeout;
  private boolean isReading = true;
  private boolean isAnswering = true;
  private boolean hasDecoded = true;
  private @Nullable Future<?> deadline;

  HeadDeadline(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpObject) {
      hasDecoded = true;
      isReading = !(message instanceof LastHttpContent);
      isAnswering |= message instanceof HttpRequest;
      stop();
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!isReading && !isAnswering && !hasDecoded && deadline == null) {
      deadline =
          context
              .executor()
              .schedule(
                  () -> context.channel().unsafe().close(context.voidPromise()),
                  timeout.toMillis(),
                  TimeUnit.MILLISECONDS);
    }
    hasDecoded = false;
    context.fireChannelReadComplete();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof LastHttpContent) {
      isAnswering = false;
    }
    super.write(context, message, promise);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    stop();
  }

  private void stop() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }
}
