package io.vitrine.access.quota;

import io.vertx.core.Future;

/** The source of projects' limits. */
@FunctionalInterface
public interface Limits {
  /** The limits of a project; fails as unavailable if the source does not answer. */
  Future<ProjectLimits> of(String project);

  /** The same limits for every project. */
  static Limits same(ProjectLimits limits) {
    return project -> Future.succeededFuture(limits);
  }
}
