package io.vitrine.testing;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * What tests share in a JVM, such as a server. JUnit's own stores do not last: if several JVMs
 * share the tests, each class is a run of its own.
 */
public final class OncePerJvm {
  private static final SequencedMap<Class<?>, AutoCloseable> SHARED = new LinkedHashMap<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(OncePerJvm::close));
  }

  private OncePerJvm() {}

  /** The one of a type, made when it is first asked for; the last one made is closed first. */
  public static <T extends AutoCloseable> T get(Class<T> type, Supplier<T> maker) {
    synchronized (SHARED) {
      var known = SHARED.get(type);
      if (known == null) {
        // What it is made of is made before it, and so closed after it.
        known = maker.get();
        SHARED.put(type, known);
      }
      return type.cast(known);
    }
  }

  private static void close() {
    synchronized (SHARED) {
      for (var each : SHARED.sequencedValues().reversed()) {
        try {
          each.close();
        } catch (Exception failure) {
          System.err.println(each.getClass().getName() + " does not close: " + failure);
        }
      }
    }
  }
}
