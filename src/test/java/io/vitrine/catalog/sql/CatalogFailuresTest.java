package io.vitrine.catalog.sql;

import static io.vitrine.image.problem.ProblemException.unavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.TransactionRollbackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogFailuresTest {
  private static PgException told(String state) {
    return new PgException("Nachricht", "FEHLER", state, "");
  }

  @ParameterizedTest
  @CsvSource({
    "08000,LOST",
    "08003,LOST",
    "08006,LOST",
    "08P01,LOST",
    "25006,READ_ONLY",
    "25P03,LOST",
    "26000,STALE",
    "28000,UNREACHABLE",
    "28P01,UNREACHABLE",
    "3D000,UNREACHABLE",
    "40001,CONFLICT",
    "40P01,CONFLICT",
    "42P05,STALE",
    "53000,BUSY",
    "53100,BUSY",
    "53200,BUSY",
    "53300,BUSY",
    "53400,BUSY",
    "55P03,SLOW",
    "57014,SLOW",
    "57P01,LOST",
    "57P02,LOST",
    "57P03,UNREACHABLE",
    "57P04,LOST",
    "57P05,LOST",
    "58030,BUSY"
  })
  void passesByItsState(String state, CatalogFault fault) {
    assertThat(CatalogFailures.fault(told(state))).contains(fault);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0A000", "22001", "23505", "23503", "25P02", "42P01", "42501", "XX000"})
  void isADefectByItsState(String state) {
    assertThat(CatalogFailures.fault(told(state))).isEmpty();
  }

  @Test
  void passesWhenAMigrationChangedWhatAStatementAnswers() {
    var stale =
        new PgException(
            "",
            "",
            "0A000",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "RevalidateCachedQuery",
            "",
            "",
            "",
            "",
            "");

    assertThat(CatalogFailures.fault(stale)).contains(CatalogFault.STALE);
  }

  static Stream<Arguments> passesByWhatTheClientSays() {
    return Stream.of(
        arguments(ClosedConnectionException.INSTANCE, CatalogFault.LOST),
        arguments(new ConnectionPoolTooBusyException("queue is full"), CatalogFault.BUSY),
        arguments(plain("Timeout"), CatalogFault.BUSY),
        arguments(new VertxException("Timeout waiting for connection", true), CatalogFault.BUSY),
        arguments(
            VertxException.noStackTrace("Connection is not active now, current status: CLOSED"),
            CatalogFault.LOST),
        arguments(
            VertxException.noStackTrace(
                "Pending requests failed to be sent due to connection has been closed."),
            CatalogFault.LOST),
        arguments(new VertxException("Connection was closed", true), CatalogFault.LOST),
        arguments(plain("Pool closed"), CatalogFault.LOST),
        arguments(new VertxException("SSL handshake failed", true), CatalogFault.UNREACHABLE),
        arguments(
            new Exception("Postgres Server does not handle SSL connection"),
            CatalogFault.UNREACHABLE),
        arguments(new UnknownHostException("db"), CatalogFault.UNREACHABLE),
        arguments(new ConnectException("refused"), CatalogFault.UNREACHABLE),
        arguments(new ConnectTimeoutException("late"), CatalogFault.UNREACHABLE),
        arguments(new SSLHandshakeException("bad certificate"), CatalogFault.UNREACHABLE),
        arguments(new ClosedChannelException(), CatalogFault.LOST),
        arguments(new IOException("Connection reset by peer"), CatalogFault.LOST),
        arguments(new TimeoutException("late"), CatalogFault.SLOW),
        arguments(new NoRoomException("full"), CatalogFault.BUSY),
        arguments(new UnknownOutcomeException(new IOException("reset")), CatalogFault.LOST));
  }

  /** As promises fail that are given only a message. */
  private static Throwable plain(String message) {
    return Future.failedFuture(message).cause();
  }

  @ParameterizedTest
  @MethodSource
  void passesByWhatTheClientSays(Throwable failure, CatalogFault fault) {
    assertThat(CatalogFailures.fault(failure)).contains(fault);
  }

  @Test
  void seesThroughWrappers() {
    var inner = told("53300");

    assertThat(
            Stream.of(
                new CompletionException(inner),
                new ExecutionException(new CompletionException(inner)),
                new RuntimeException(inner),
                new VertxException("wrapped", inner),
                new DecoderException(inner),
                new UncheckedIOException(new IOException(inner))))
        .allMatch(CatalogFailures::isPassing);
  }

  @Test
  void leavesVerdictsAndDefectsAlone() {
    assertThat(
            Stream.of(
                unavailable("a store is down"),
                new IllegalStateException(new IOException("a bug")),
                new NullPointerException(),
                new HttpClosedException("Connection was closed"),
                TransactionRollbackException.INSTANCE))
        .noneMatch(CatalogFailures::isPassing);
  }

  @ParameterizedTest
  @CsvSource({
    "23505,true",
    "40001,true",
    "53100,true",
    "57014,true",
    "25006,true",
    "08006,false",
    "08P01,false",
    "57P01,false",
    "57P02,false",
    "58030,false",
    "XX000,false"
  })
  void knowsWhetherACommitHasFailed(String state, boolean isRefusal) {
    assertThat(CatalogFailures.isRefusal(told(state))).isEqualTo(isRefusal);
    assertThat(CatalogFailures.isRefusal(ClosedConnectionException.INSTANCE)).isFalse();
    assertThat(CatalogFailures.isRefusal(TransactionRollbackException.INSTANCE)).isTrue();
  }
}
