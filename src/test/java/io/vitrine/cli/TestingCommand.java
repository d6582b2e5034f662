package io.vitrine.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/**
 * A command that ran in this JVM, as the program runs it.
 *
 * @param code the exit code
 * @param text all that it printed
 */
public record TestingCommand(int code, String text) {
  /** Runs a command other than "serve". */
  public static TestingCommand run(Map<String, String> environment, String... arguments) {
    var text = new StringWriter();
    var out = new PrintWriter(text, true);
    Serving never =
        config -> {
          throw new IllegalStateException("a command serves");
        };
    int code = new CommandLineInterface(never, environment, out, out).run(arguments);
    return new TestingCommand(code, text.toString());
  }
}
