package io.vitrine.net.internals;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.tracing.opentelemetry.VertxContextStorageProvider.VertxContextStorage;

/** What contexts can do beyond their public interface. */
public final class Contexts {
  private Contexts() {}

  /** A new context on any event loop. */
  public static Context eventLoop(Vertx vertx) {
    return ((VertxInternal) vertx).createEventLoopContext();
  }

  /** A context on the same thread as the other, with a current trace of its own. */
  public static Context traced(Context context, io.opentelemetry.context.Context trace) {
    var own = ((ContextInternal) context).duplicate();
    // Never detached: the context ends with the work on it.
    var _ = VertxContextStorage.INSTANCE.attach(own, trace);
    return own;
  }

  /** A promise whose future completes in the context. */
  public static <T> Promise<T> promise(Context context) {
    return ((ContextInternal) context).promise();
  }

  /** Sets a timer that fires in the context. */
  public static long setTimer(Context context, long millis, Handler<Long> handler) {
    return ((ContextInternal) context).setTimer(millis, handler);
  }
}
