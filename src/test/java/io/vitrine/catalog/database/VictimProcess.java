package io.vitrine.catalog.database;

import io.vitrine.catalog.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Another Java process that runs an embedded PostgreSQL until it is killed. */
public final class VictimProcess {
  private final Process process;

  private VictimProcess(Process process) {
    this.process = process;
  }

  /** The other process' program. */
  public static void main(String[] args) throws IOException {
    var postgres = EmbeddedPostgres.start(Path.of(args[0]));
    System.out.println(postgres.address().servers().getFirst().port());
    System.in.read();
  }

  public static VictimProcess start(Path dataDir) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new VictimProcess(
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                VictimProcess.class.getName(),
                dataDir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** The port on which its server answers. */
  public int port() throws IOException {
    return Integer.parseInt(process.inputReader().readLine());
  }

  /** Kills the process, and not its server, as soon as the condition is met. */
  public void killWhen(BooleanSupplier condition) throws InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the condition was never met");
      }
      LockSupport.parkNanos(1_000_000);
    }
    kill();
  }

  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
