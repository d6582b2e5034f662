package io.vitrine.catalog.audit;

import io.vertx.core.Vertx;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import io.vitrine.net.internals.LocalKeys;
import java.util.Objects;

/** The actor that a Vert.x context works for. */
public final class CurrentActor extends LocalKeys {
  private static final ContextLocal<Actor> ACTOR = ContextLocal.registerLocal(Actor.class);

  /** Attributes what the current context does from now on to the actor. */
  public static void mark(Actor actor) {
    var context = Vertx.currentContext();
    if (context != null) {
      context.putLocal(ACTOR, AccessMode.CONCURRENT, actor);
    }
  }

  /** The actor that the current context works for; the service itself if there is no other. */
  public static Actor get() {
    var context = Vertx.currentContext();
    return context == null
        ? Actor.SERVICE
        : Objects.requireNonNullElse(context.getLocal(ACTOR, AccessMode.CONCURRENT), Actor.SERVICE);
  }
}
