package io.vitrine.access.keystone;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vitrine.access.identity.RetryingClient;
import io.vitrine.access.identity.SignIn;
import io.vitrine.net.address.Url;
import java.util.Map;

/** Passes two requests on to Keystone, and no others: for tokens, and for a user's projects. */
final class KeystoneSignIn implements SignIn {
  private static final String CLIENT = "X-Forwarded-For";

  private final RetryingClient client;
  private final Url tokens;
  private final Url projects;

  KeystoneSignIn(RetryingClient client, String base) {
    this.client = client;
    tokens = Url.parse(base + "/auth/tokens?nocatalog");
    projects = Url.parse(base + "/auth/projects");
  }

  @Override
  public Future<RetryingClient.Reply> issue(Buffer credentials, String address) {
    var headers = Map.of("Content-Type", "application/json", CLIENT, address);
    return client.send(new RetryingClient.Ask(HttpMethod.POST, tokens, headers, credentials));
  }

  @Override
  public Future<RetryingClient.Reply> projects(String token, String address) {
    return client.send(
        RetryingClient.Ask.get(projects, Map.of("X-Auth-Token", token, CLIENT, address)));
  }
}
