package io.vitrine.catalog.audit;

import io.vitrine.image.Caller;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a change.
 *
 * @param user the user's id; null if the service itself makes the change, or nobody is signed in
 * @param project the project that the user acts for
 * @param requestId the id of the request that makes the change
 * @param ticket the ticket by which the request was allowed
 */
public record Actor(
    @Nullable String user,
    @Nullable String project,
    @Nullable String requestId,
    Optional<UUID> ticket) {
  /** The service itself, at nobody's request. */
  public static final Actor SERVICE = new Actor(null, null, null, Optional.empty());

  /** The caller of a request. */
  public Actor(Caller caller, String requestId, Optional<UUID> ticket) {
    this(caller.user(), caller.project(), requestId, ticket);
  }

  /** By what the change was allowed. */
  Via via() {
    if (ticket.isPresent()) {
      return Via.TICKET;
    }
    return requestId == null ? Via.SERVICE : Via.TOKEN;
  }
}
