package io.vitrine.cli.command;

/**
 * A command cannot continue; the message tells the operator what to do. It never holds a secret.
 */
public final class CommandException extends RuntimeException {
  /** A failure that needs no stack trace. */
  public CommandException(String message) {
    super(message);
  }

  /** A failure with its cause, for the log. */
  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
