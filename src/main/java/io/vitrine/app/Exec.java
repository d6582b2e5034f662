package io.vitrine.app;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.util.List;

/** Replaces the program of this process, as POSIX {@code execv} does. */
public final class Exec {
  private Exec() {}

  /**
   * Runs another program in this process; the first argument is its own name, and each character
   * stands for one byte. Returns only if that is impossible.
   */
  @SuppressWarnings("restricted")
  public static void replace(String program, List<String> arguments) throws Exception {
    var linker = Linker.nativeLinker();
    var execv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("execv"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    try (var arena = Arena.ofConfined()) {
      var texts = arena.allocate(ADDRESS, arguments.size() + 1L);
      for (int i = 0; i < arguments.size(); i++) {
        texts.setAtIndex(ADDRESS, i, arena.allocateFrom(arguments.get(i), ISO_8859_1));
      }
      var _ = (int) execv.invokeExact(arena.allocateFrom(program), texts);
    } catch (Exception | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
