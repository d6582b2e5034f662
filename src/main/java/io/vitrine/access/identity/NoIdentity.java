package io.vitrine.access.identity;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vitrine.image.Caller;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who reaches the service is its administrator; what the request says of identity counts
 * for nothing.
 */
public final class NoIdentity implements Identity {
  private final Caller everybody;

  /** An identity that acts as a user of a project, or of none. */
  public NoIdentity(@Nullable String user, @Nullable String project) {
    everybody = new Caller(user, project, Set.of("admin", "member", "reader"));
  }

  @Override
  public Future<Caller> identify(MultiMap headers) {
    return Future.succeededFuture(everybody);
  }

  @Override
  public Optional<String> challenge() {
    return Optional.empty();
  }
}
