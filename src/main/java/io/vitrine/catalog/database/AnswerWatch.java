package io.vitrine.catalog.database;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.pgclient.PgException;
import io.vitrine.net.internals.SqlMessages;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A channel handler between a connection and its codec that tracks how long the server owes an
 * answer. TCP alone takes a quarter of an hour to notice a vanished peer. When an answer is late,
 * {@link OpenSessions} asks the server whether it still works on the statement. All state belongs
 * to the event loop.
 */
final class AnswerWatch extends ChannelDuplexHandler {
  private static final String READ_ONLY = "25006";

  private final OpenSessions sessions;
  private final ServerIdentity server;
  private final int process;
  private final Duration patience;
  private final Duration limit;
  private @Nullable Channel channel;
  private @Nullable ScheduledFuture<?> looks;
  private int owed;
  private long owedSince;
  private long excusedUntil;
  private boolean isLeaving;
  private boolean isSuspect;

  /**
   * Starts when it is added to a pipeline.
   *
   * @param process the server's process id for this session
   */
  AnswerWatch(OpenSessions sessions, ServerIdentity server, int process, DatabaseConfig config) {
    this.sessions = sessions;
    this.server = server;
    this.process = process;
    patience = config.answerTimeout();
    // Beyond this, the server itself would have cancelled the statement.
    limit = config.statementTimeout().plus(patience);
  }

  ServerIdentity server() {
    return server;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
    sessions.add(this);
    long pause = Math.clamp(patience.toMillis() / 6, 20, 500);
    looks = context.executor().scheduleAtFixedRate(this::look, pause, pause, TimeUnit.MILLISECONDS);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (SqlMessages.isCommand(message)) {
      if (owed == 0) {
        beginWaiting();
      }
      owed++;
      isLeaving = isLeaving || SqlMessages.isClose(message);
    }
    super.write(context, message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (SqlMessages.isAnswer(message)) {
      owed--;
      beginWaiting();
      super.channelRead(context, message);
      if (SqlMessages.failure(message).orElse(null) instanceof PgException refused
          && READ_ONLY.equals(refused.getSqlState())) {
        sessions.leave(server, "it has become read-only");
      }
    } else {
      super.channelRead(context, message);
    }
  }

  private void beginWaiting() {
    owedSince = System.nanoTime();
    excusedUntil = owedSince;
    isSuspect = false;
  }

  private void look() {
    long now = System.nanoTime();
    if (owed == 0 || now - owedSince < patience.toNanos()) {
      return;
    }
    if (isLeaving || now - owedSince > limit.toNanos()) {
      cut();
    } else if (now - excusedUntil >= 0) {
      sessions.examine(this);
    }
  }

  /**
   * Takes the result of an examination; thread-safe.
   *
   * @param asked when the examination began
   */
  void judge(Examination found, long asked) {
    Objects.requireNonNull(channel)
        .eventLoop()
        .execute(
            () -> {
              if (owed == 0 || owedSince - asked >= 0) {
                return;
              }
              if (found.worksFor(process)) {
                excusedUntil = System.nanoTime() + patience.toNanos();
                isSuspect = false;
              } else if (isSuspect) {
                cut();
              } else {
                // The answer may be in transit, so the next check decides.
                isSuspect = true;
              }
            });
  }

  /** Closes the connection; thread-safe. */
  void cut() {
    GuardedClient.cut(Objects.requireNonNull(channel));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    end();
    super.channelInactive(context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    end();
  }

  private void end() {
    sessions.remove(this);
    if (looks != null) {
      looks.cancel(false);
    }
  }
}
