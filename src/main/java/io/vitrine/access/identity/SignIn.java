package io.vitrine.access.identity;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * Passes on to the identity service what a web page needs to sign its user in. Both fail as {@link
 * io.vitrine.image.problem.Problem.Unavailable} when the service does not answer.
 */
public interface SignIn {
  /**
   * The answer to credentials; a success has a token in its headers.
   *
   * @param credentials a JSON document in the service's own form
   * @param client the address that they came from, for the service's log
   */
  Future<RetryingClient.Reply> issue(Buffer credentials, String client);

  /** The answer to the question for which projects the owner of a token can have another. */
  Future<RetryingClient.Reply> projects(String token, String client);
}
