package io.vitrine.access.identity;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vitrine.image.Caller;
import io.vitrine.net.address.Url;
import java.util.Optional;

/**
 * Finds out who is calling. Only tokens count: headers that name a user, a project or roles say
 * nothing, whoever sends them.
 */
public interface Identity {
  /**
   * The caller, on the Vert.x context of this call. Fails as {@link
   * io.vitrine.image.problem.Problem.Unauthenticated} when nobody is known, and as {@link
   * io.vitrine.image.problem.Problem.Unavailable} when that cannot be found out now.
   */
  Future<Caller> identify(MultiMap headers);

  /**
   * How to be known, as the WWW-Authenticate of a 401 answer (RFC 9110 section 11.6.1); nothing if
   * there is no way.
   */
  default Optional<String> challenge() {
    return Optional.empty();
  }

  /**
   * Where the service catalog of a caller who has been identified has the Image API of a region,
   * without its version; nothing if it names none. Fails as {@link
   * io.vitrine.image.problem.Problem.Unavailable} when that cannot be found out now.
   *
   * @param serviceInterface which of the region's endpoints, such as public
   */
  default Future<Optional<Url>> imageEndpoint(
      MultiMap headers, String region, String serviceInterface) {
    return Future.succeededFuture(Optional.empty());
  }
}
