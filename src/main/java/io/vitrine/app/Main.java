package io.vitrine.app;

import io.vitrine.app.lifecycle.StopRequest;
import io.vitrine.cli.CommandLineInterface;
import io.vitrine.cli.command.CommandException;
import io.vitrine.launch.ClassCacheTask;
import io.vitrine.observe.log.LogFormat;
import io.vitrine.settings.VitrineConfig;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.Map;

/** The program: wires the parts together and runs the command line. */
public final class Main {
  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    if (args.length == 0 || !args[0].equals("image")) {
      forgetAddressesSoon(); // It sets up the log, and image commands reach nobody.
    }
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(System.getenv(), out, err, args);
    // Like the above, exit() sets up the log. That takes longer than a short command.
    if (code != 0 || !isLastThread()) {
      System.exit(code);
    }
  }

  /** Whether the process ends with this thread. */
  private static boolean isLastThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .allMatch(thread -> thread.isDaemon() || thread.equals(Thread.currentThread()));
  }

  /** Runs the command line and returns its exit code. */
  public static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... args) {
    return new CommandLineInterface(
            config -> serve(config, environment, out), environment, out, err)
        .run(args);
  }

  /** Java caches DNS answers for 30 s, during which a database that has moved would be down. */
  private static void forgetAddressesSoon() {
    if (System.getProperty("sun.net.inetaddr.ttl") == null) {
      Security.setProperty("networkaddress.cache.ttl", "1");
      Security.setProperty("networkaddress.cache.negative.ttl", "1");
    }
  }

  /** Serves until the process is asked to stop; returns once all parts are stopped. */
  private static void serve(VitrineConfig config, Map<String, String> environment, PrintWriter out)
      throws Exception {
    LogFormat.use(config.log().format());
    var stop = StopRequest.ofThisProcess(config.shutdown().grace().multipliedBy(2).plusMinutes(2));
    try (var classes = new ClassCacheTask();
        var server = Server.start(config, stop)) {
      stop.hurryBy(server::hurry);
      classes.start();
      server.fatal().onSuccess(reason -> stop.ask());
      if (config.log().isText()) { // Where the log is JSON, all output is.
        var audience = Audience.of(environment);
        out.print(Banner.of(config, audience, server.port(), server.managementPort()));
        out.flush();
      }
      stop.await();
      if (server.fatal().succeeded()) {
        server.hurry();
        throw new CommandException(server.fatal().result());
      }
    } catch (StopRequest.AskedException early) {
      // What had started is stopped.
    } finally {
      stop.done();
    }
  }
}
