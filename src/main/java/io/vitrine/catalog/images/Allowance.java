package io.vitrine.catalog.images;

import static io.vitrine.image.problem.ProblemException.tooLarge;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.access.quota.ProjectLimits;
import io.vitrine.access.quota.Resource;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The quotas of one project. A transaction makes its change and then checks it; checks of one
 * project are serialised, so that each sees the others' changes.
 *
 * @param project the project that the limits apply to
 */
public record Allowance(String project, ProjectLimits limits) {
  /** No limits; checking against it always succeeds. */
  public static final Allowance UNLIMITED =
      new Allowance("", new ProjectLimits(Map.of(), OptionalLong.empty()));

  /** Whether there is no limit of the resource, so that nothing needs to be checked. */
  boolean isUnlimited(Resource resource) {
    return limits.most(resource).isEmpty();
  }

  /**
   * Requires that the project is within its quota after the transaction's changes; answers how many
   * bytes or images are left. Locks the project until the transaction ends. To avoid deadlocks,
   * lock rows before this, not after.
   *
   * @param added the bytes or images that the transaction adds, as far as known, for the message
   */
  public Future<Long> require(SqlConnection connection, Resource resource, long added) {
    var most = limits.most(resource);
    if (most.isEmpty()) {
      return Future.succeededFuture(Long.MAX_VALUE);
    }
    // A separate statement, so that the next one sees what the last holder committed.
    return connection
        .preparedQuery("select pg_advisory_xact_lock(hashtextextended('quota:' || $1, 0))")
        .execute(Tuple.of(project))
        .compose(locked -> Quotas.used(connection, resource, project))
        .map(used -> left(resource, used, added, most.getAsLong()));
  }

  /** Requires that the project is within its quota now; takes no lock. */
  public Future<Void> requireAsItIs(SqlConnection connection, Resource resource) {
    var most = limits.most(resource);
    return most.isEmpty()
        ? Future.succeededFuture()
        : Quotas.used(connection, resource, project)
            .map(used -> left(resource, used, 0, most.getAsLong()))
            .mapEmpty();
  }

  /** The first sentence is that of other OpenStack services, which clients look for. */
  private long left(Resource resource, long used, long added, long most) {
    if (used > most) {
      long before = Math.max(0, used - added) / resource.unit();
      throw tooLarge(
          ("Project %s is over a limit for [Resource %s is over limit of %d due to current"
                  + " usage %d and delta %d]. It would have %d %s of at most %d.")
              .formatted(
                  project,
                  resource.text(),
                  most / resource.unit(),
                  before,
                  added / resource.unit(),
                  used,
                  unit(resource),
                  most));
    }
    return most - used;
  }

  private static String unit(Resource resource) {
    return resource.unit() == 1 ? "images" : "bytes";
  }
}
