package io.vitrine.launch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The main class of the jar. It runs the program in this process if this Java is recent enough,
 * else in a child process on a newer Java of the machine.
 */
public final class Launcher {
  private static final int FAILURE = 1;

  private Launcher() {}

  /** Runs {@code io.vitrine.app.Main} with the arguments. */
  public static void main(String[] args) throws Exception {
    if (Runtime.version().feature() >= JavaHome.NEEDED) {
      if (List.of(args).contains("serve")) {
        Restart.ifOptionsAreMissing();
      }
      runHere(args);
      return;
    }
    var java = JavaHome.find(System.getenv(), Path.of("/"));
    if (java.isEmpty()) {
      System.err.printf(
          "Vitrine needs Java %d or newer, and this is Java %d. Install one, for example Temurin %d"
              + " from https://adoptium.net, or set VITRINE_JAVA_HOME to where it is.%n",
          JavaHome.NEEDED, Runtime.version().feature(), JavaHome.NEEDED);
      System.exit(FAILURE);
    } else {
      System.exit(runChild(command(java.get(), args)));
    }
  }

  /** By reflection, because this Java may not be able to load the program's classes. */
  private static void runHere(String[] args) throws Exception {
    // Pooled buffers of Netty are slower without sun.misc.Unsafe, which Netty now avoids by
    // default.
    if (System.getProperty("io.netty.noUnsafe") == null) {
      System.setProperty("io.netty.noUnsafe", "false");
    }
    try {
      Class.forName("io.vitrine.app.Main")
          .getMethod("main", String[].class)
          .invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static List<String> command(Path java, String[] args) {
    var command = new ArrayList<>(dyingWithParent());
    command.add(java.resolve("bin").resolve("java").toString());
    command.add(Restart.ALLOW_UNSAFE);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add(Restart.EXIT_ON_OUT_OF_MEMORY);
    // Options such as -Xmx and -D; later ones win.
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Launcher.class.getName());
    command.addAll(List.of(args));
    return command;
  }

  /**
   * A command prefix by which the kernel ends the child when this process is killed; needs a recent
   * util-linux.
   */
  private static List<String> dyingWithParent() {
    var setpriv = List.of("setpriv", "--pdeathsig", "TERM");
    var probe = new ArrayList<>(setpriv);
    probe.add("true");
    try {
      var works = new ProcessBuilder(probe).redirectErrorStream(true).start().waitFor() == 0;
      return works ? setpriv : List.of();
    } catch (IOException notInstalled) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static int runChild(List<String> command) throws IOException, InterruptedException {
    var child = new ProcessBuilder(command).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(child)));
    return child.waitFor();
  }

  /** Asks the child to stop and passes its exit code on. */
  private static void stop(Process child) {
    child.destroy();
    try {
      Runtime.getRuntime().halt(child.waitFor());
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(FAILURE);
    }
  }
}
