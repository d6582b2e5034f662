package io.vitrine.net.internals;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.function.UnaryOperator;

/** A Vert.x whose clients of sockets are wrapped. */
public final class SocketVertx extends VertxWrapper {
  private final UnaryOperator<NetClient> wrapper;

  /** Wraps each client that is created from now on. */
  public SocketVertx(Vertx vertx, UnaryOperator<NetClient> wrapper) {
    super((VertxInternal) vertx);
    this.wrapper = wrapper;
  }

  @Override
  public NetClient createNetClient(NetClientOptions options) {
    return wrapper.apply(super.createNetClient(options));
  }
}
