package io.vitrine.fetch;

import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.AddressRules;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Resolves a name; fails unless all its addresses are permitted. */
final class HostResolver {
  /** A pool of its own, so that hanging name servers do not block other work. */
  private static final int THREADS = 4;

  private final WorkerExecutor threads;
  private final AddressRules rules;
  private final Duration timeout;

  HostResolver(Vertx vertx, AddressRules rules, Duration timeout) {
    this.threads = vertx.createSharedWorkerExecutor("vitrine-resolver", THREADS);
    this.rules = rules;
    this.timeout = timeout;
  }

  /**
   * The addresses of a name. A single internal address refuses the name, since its owner could
   * choose which one is used.
   */
  Future<List<InetAddress>> addresses(String host) {
    return threads
        .executeBlocking(() -> permitted(host), false)
        .map(Objects::requireNonNull) // Vert.x declares it nullable, this code never returns null
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof ProblemException
                        ? failure
                        : unavailable("The name of the host does not resolve.")));
  }

  Future<Void> close() {
    return threads.close();
  }

  private List<InetAddress> permitted(String host) throws UnknownHostException {
    var found = List.of(InetAddress.getAllByName(host));
    if (!found.stream().allMatch(rules::permits)) {
      throw forbidden("Images may not be fetched from this host.");
    }
    return found;
  }
}
