package io.vitrine.app.lifecycle;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * The signals that ask a process to stop, every time they arrive; a shutdown hook sees only the
 * first.
 */
public final class Signals {
  private static final List<String> STOP = List.of("TERM", "INT");

  private Signals() {}

  /** Runs the action for each such signal. */
  static void onStop(Runnable action) {
    try {
      // Java offers signals only through this class, and the compiler's warning cannot be
      // suppressed.
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var listener =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                action.run();
                return null;
              });
      var handle = signal.getMethod("handle", signal, handler);
      for (var name : STOP) {
        handle.invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
      }
    } catch (ReflectiveOperationException absent) {
      throw new IllegalStateException("this JVM does not support signals", absent);
    }
  }

  /** Asks this process itself to stop. */
  public static void raiseStop() {
    try {
      var signal = Class.forName("sun.misc.Signal");
      signal
          .getMethod("raise", signal)
          .invoke(null, signal.getConstructor(String.class).newInstance(STOP.getFirst()));
    } catch (ReflectiveOperationException absent) {
      throw new IllegalStateException("this JVM does not support signals", absent);
    }
  }
}
