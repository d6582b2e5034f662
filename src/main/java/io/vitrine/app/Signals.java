package io.vitrine.app;

import java.lang.reflect.Proxy;
import java.util.List;

/** The signals that ask a process to stop, each time they come; a shutdown hook hears only one. */
final class Signals {
  private static final List<String> STOP = List.of("TERM", "INT");

  private Signals() {}

  /** Has the action run with each such signal. */
  static void onStop(Runnable action) {
    try {
      // The compiler's warning about this class, Java's only way to signals, cannot be turned off.
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
      throw new IllegalStateException("this Java has no signals", absent);
    }
  }
}
