package io.vitrine.cli;

import io.vitrine.access.policy.PolicyException;
import io.vitrine.catalog.sql.DatabaseException;
import io.vitrine.cli.command.CommandException;
import io.vitrine.cli.command.Version;
import io.vitrine.cli.transfer.DownloadCommand;
import io.vitrine.cli.transfer.UploadCommand;
import io.vitrine.config.ConfigException;
import io.vitrine.config.FileFault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The commands. The exit code is 0 for success, 1 for a failure, 2 if arguments or configuration
 * must be changed; {@code db check} has further codes.
 */
public final class CommandLineInterface {
  private final CommandLine commands;

  /** Commands with the given environment and output. */
  public CommandLineInterface(
      Serving serving, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    commands =
        new CommandLine(new Root())
            .addSubcommand(new ServeCommand(serving, environment))
            .addSubcommand(new CommandLine(new DatabaseCommands(environment)))
            .addSubcommand(new CommandLine(new ConfigCommands(environment)))
            .addSubcommand(new CommandLine(new PolicyCommands(environment)))
            .addSubcommand(new CommandLine(new MetadefCommands(environment)))
            .addSubcommand(new CommandLine(new StoreCommands(environment)))
            .addSubcommand(ImageCommands.create())
            .addSubcommand(new UploadCommand(environment))
            .addSubcommand(new DownloadCommand(environment))
            .setOut(out)
            .setErr(err)
            .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, err));
  }

  /** Runs one command and returns its exit code. */
  public int run(String... arguments) {
    return commands.execute(arguments);
  }

  private static int explain(Exception failure, PrintWriter err) {
    switch (failure) {
      case ConfigException faults -> {
        faults.faults().forEach(err::println);
        return ExitCode.USAGE;
      }
      case PolicyException rules -> {
        rules.faults().forEach(err::println);
        return ExitCode.USAGE;
      }
      case DatabaseException expected -> err.println(expected.getMessage());
      case CommandException expected -> err.println(expected.getMessage());
      case IOException file -> err.println(FileFault.words(file));
      case UncheckedIOException file ->
          err.println(FileFault.words(Objects.requireNonNull(file.getCause())));
      default -> {
        // Only now, because setting up the log takes longer than most commands do.
        LoggerFactory.getLogger(CommandLineInterface.class).error("The command failed", failure);
        err.println(Objects.requireNonNullElse(failure.getMessage(), failure.toString()));
      }
    }
    return ExitCode.SOFTWARE;
  }

  @Command(
      name = "vitrine",
      description = "An image service with the OpenStack Image API v2.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      synopsisSubcommandLabel = "COMMAND")
  private static final class Root implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "Give a command: serve, db, config, policy, metadefs, store, image, upload or download.");
    }
  }
}
