package io.vitrine.net.internals;

import io.vertx.sqlclient.internal.command.CloseConnectionCommand;
import io.vertx.sqlclient.internal.command.CommandBase;
import io.vertx.sqlclient.internal.command.CommandResponse;
import java.util.Optional;

/** What passes between a connection to the database and its codec. */
public final class SqlMessages {
  private SqlMessages() {}

  /** Whether the message is a command, which the server will answer. */
  public static boolean isCommand(Object message) {
    return message instanceof CommandBase<?>;
  }

  /** Whether the message is the command to close the connection. */
  public static boolean isClose(Object message) {
    return message instanceof CloseConnectionCommand;
  }

  /** Whether the message is the answer to a command. */
  public static boolean isAnswer(Object message) {
    return message instanceof CommandResponse<?>;
  }

  /** The failure that the message is the answer of, if it is one. */
  public static Optional<Throwable> failure(Object message) {
    return message instanceof CommandResponse<?> response
        ? Optional.ofNullable(response.toAsyncResult().cause())
        : Optional.empty();
  }
}
