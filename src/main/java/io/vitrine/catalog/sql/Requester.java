package io.vitrine.catalog.sql;

import io.vertx.core.Vertx;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import io.vitrine.net.internals.LocalKeys;
import java.util.Objects;

/** The client that a Vert.x context uses the database for. */
public final class Requester extends LocalKeys {
  /** No particular client. */
  static final String UNKNOWN = "";

  private static final ContextLocal<String> NAME = ContextLocal.registerLocal(String.class);

  /** Attributes what the current context does from now on to the client. */
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
