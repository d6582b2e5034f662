package io.vitrine.catalog.sql;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.util.Objects;

/** On whose behalf the database is used: a client, as a context of Vert.x remembers it. */
public final class Requester implements VertxServiceProvider {
  /** Nobody in particular. */
  static final String UNKNOWN = "";

  // Vert.x wants to know this before its first instance is made, and finds this class for that.
  private static final ContextLocal<String> NAME = ContextLocal.registerLocal(String.class);

  @Override
  public void init(VertxBootstrap builder) {}

  /** What the current context does from now on is for this client. */
  public static void mark(String client) {
    var context = Vertx.currentContext();
    if (context != null) {
      context.putLocal(NAME, AccessMode.CONCURRENT, client);
    }
  }

  /** The client that the current context works for. */
  static String current() {
    var context = Vertx.currentContext();
    return context == null
        ? UNKNOWN
        : Objects.requireNonNullElse(context.getLocal(NAME, AccessMode.CONCURRENT), UNKNOWN);
  }
}
