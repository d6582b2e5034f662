package io.vitrine.access.quota;

import io.vertx.core.Future;

/** Where the limits of projects come from. */
@FunctionalInterface
public interface Limits {
  /** The limits of a project; unavailable if they cannot be known now. */
  Future<ProjectLimits> of(String project);

  /** The same limits for every project. */
  static Limits same(ProjectLimits limits) {
    return project -> Future.succeededFuture(limits);
  }
}
