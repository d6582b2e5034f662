package io.vitrine;

import io.vitrine.cli.CommandLineInterface;
import io.vitrine.config.VitrineConfig;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The program: puts the parts together and runs what the command line asks for. */
public final class Main {
  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(new CommandLineInterface(Main::serve, System.getenv(), out, err).run(args));
  }

  private static void serve(VitrineConfig config) throws InterruptedException {
    Thread.currentThread().join();
  }
}
