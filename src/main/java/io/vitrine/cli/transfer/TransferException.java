package io.vitrine.cli.transfer;

/** A transfer cannot go on; the message tells the user why. It never holds a secret. */
public final class TransferException extends RuntimeException {
  /** A failure that needs no stack trace. */
  public TransferException(String message) {
    super(message);
  }
}
