package io.vitrine.cli;

/** A command cannot do its work, or go on with it; the message tells the operator what to do. */
public final class CommandException extends RuntimeException {
  /** A reason that needs no stack trace. */
  public CommandException(String message) {
    super(message);
  }

  /** The same, with what it is based on. */
  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
