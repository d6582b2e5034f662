package io.vitrine.access.identity;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vitrine.image.Caller;
import io.vitrine.net.address.Url;
import java.util.Optional;

/**
 * Authenticates callers. Only tokens count: headers that name a user, a project or roles are
 * ignored, whoever sends them.
 */
public interface Identity {
  /**
   * The caller, on the Vert.x context of this call. Fails as {@link
   * io.vitrine.image.problem.Problem.Unauthenticated} when the request is not authenticated, and as
   * {@link io.vitrine.image.problem.Problem.Unavailable} when the identity service does not answer.
   */
  Future<Caller> identify(MultiMap headers);

  /**
   * The WWW-Authenticate field of a 401 answer (RFC 9110 section 11.6.1); empty if there is no way
   * to authenticate.
   */
  default Optional<String> challenge() {
    return Optional.empty();
  }

  /**
   * The endpoint of a region's Image API in the service catalog of an authenticated caller, without
   * its version; empty if the catalog has none. Fails as {@link
   * io.vitrine.image.problem.Problem.Unavailable} when the identity service does not answer.
   *
   * @param serviceInterface the interface of the endpoint, such as public
   */
  default Future<Optional<Url>> imageEndpoint(
      MultiMap headers, String region, String serviceInterface) {
    return Future.succeededFuture(Optional.empty());
  }
}
