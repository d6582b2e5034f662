package io.vitrine.store.rbd;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** A C function that returns a number, a negated errno on failure. */
final class NativeFunction {
  private final String name;
  private final MethodHandle handle;

  private NativeFunction(String name, MethodHandle handle) {
    this.name = name;
    this.handle = handle;
  }

  /** A function that returns int. */
  static NativeFunction ofInt(SymbolLookup library, String name, MemoryLayout... parameters) {
    return of(library, name, FunctionDescriptor.of(JAVA_INT, parameters));
  }

  /** A function that returns ssize_t. */
  static NativeFunction ofLong(SymbolLookup library, String name, MemoryLayout... parameters) {
    return of(library, name, FunctionDescriptor.of(JAVA_LONG, parameters));
  }

  /** A function that returns void. */
  static NativeFunction ofVoid(SymbolLookup library, String name, MemoryLayout... parameters) {
    return of(library, name, FunctionDescriptor.ofVoid(parameters));
  }

  @SuppressWarnings("restricted") // The manifest of the program allows native access.
  private static NativeFunction of(SymbolLookup library, String name, FunctionDescriptor type) {
    int parameters = type.argumentLayouts().size();
    var handle =
        Linker.nativeLinker()
            .downcallHandle(library.findOrThrow(name), type)
            .asType(MethodType.genericMethodType(parameters))
            .asSpreader(Object[].class, parameters);
    return new NativeFunction(name, handle);
  }

  /** Calls the function on the current thread; may block. */
  long call(Object... arguments) throws CephException {
    long result = result(arguments) instanceof Number number ? number.longValue() : 0;
    if (result < 0) {
      throw new CephException(name, Math.toIntExact(-result));
    }
    return result;
  }

  /** Calls a function that returns void and so cannot fail. */
  void run(Object... arguments) {
    result(arguments);
  }

  private @Nullable Object result(Object[] arguments) {
    try {
      return handle.invokeExact(arguments);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      // C functions throw nothing.
      throw new IllegalStateException(impossible);
    }
  }
}
