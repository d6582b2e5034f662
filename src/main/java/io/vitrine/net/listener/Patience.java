package io.vitrine.net.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.vertx.core.http.HttpConnection;
import io.vitrine.net.internals.Channels;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a connection that is idle because its answer takes long, until it ends. The idle timeout of
 * the listener applies again then. Belongs to the event loop of the connection.
 */
public final class Patience extends ChannelInboundHandlerAdapter {
  private @Nullable ChannelHandlerContext place;

  Patience() {}

  /** Begins to keep the connection of a request. */
  public static Patience with(HttpConnection connection) {
    var patience = new Patience();
    Channels.serverHandler(connection)
        .ifPresent(vertx -> vertx.pipeline().addBefore(vertx.name(), null, patience));
    return patience;
  }

  /** Ends it. */
  public void end() {
    if (place != null) {
      place.pipeline().remove(this);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    place = context;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    place = null;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (!(event instanceof IdleStateEvent)) {
      super.userEventTriggered(context, event);
    }
  }
}
