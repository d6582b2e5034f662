package io.vitrine.catalog.database;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions of a pool, idle or not, and the state of their servers. */
final class OpenSessions {
  private static final Logger log = LoggerFactory.getLogger(OpenSessions.class);

  private final Set<AnswerWatch> watches = ConcurrentHashMap.newKeySet();
  private final Set<ServerIdentity> examined = ConcurrentHashMap.newKeySet();
  private final Function<ServerIdentity, Future<Examination>> examiner;
  private final Consumer<ServerIdentity> left;

  /**
   * Uses the examiner to ask servers; it fails if they do not answer in time.
   *
   * @param left receives a server before its sessions are closed
   */
  OpenSessions(
      Function<ServerIdentity, Future<Examination>> examiner, Consumer<ServerIdentity> left) {
    this.examiner = examiner;
    this.left = left;
  }

  void add(AnswerWatch watch) {
    watches.add(watch);
  }

  void remove(AnswerWatch watch) {
    watches.remove(watch);
  }

  /** Asks the server whether it still works on a late answer. */
  void examine(AnswerWatch watch) {
    var server = watch.server();
    if (!examined.add(server)) {
      return;
    }
    long asked = System.nanoTime();
    examiner
        .apply(server)
        .onComplete(
            found -> {
              examined.remove(server);
              if (found.succeeded()) {
                judge(server, found.result(), asked);
              } else if (!(found.cause() instanceof PgException)) {
                leave(server, "it is unreachable while answers are outstanding");
              }
              // Otherwise the server is alive but out of connections.
            });
  }

  private void judge(ServerIdentity server, Examination found, long asked) {
    if (found.started().equals(server.started())) {
      of(server).forEach(watch -> watch.judge(found, asked));
    } else {
      leave(server, "it was restarted, or its address belongs to another server");
    }
  }

  /** Closes all sessions of a failed server. */
  void leave(ServerIdentity server, String reason) {
    var lost = of(server);
    if (!lost.isEmpty()) {
      log.atWarn()
          .addKeyValue("server", server.name())
          .addKeyValue("error", reason)
          .log("Leaving the database server");
      left.accept(server);
      lost.forEach(AnswerWatch::cut);
    }
  }

  private List<AnswerWatch> of(ServerIdentity server) {
    return watches.stream().filter(watch -> watch.server().equals(server)).toList();
  }
}
