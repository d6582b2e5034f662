package io.vitrine.signature;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vitrine.url.Url;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The secrets of a Barbican, with the rights of whoever calls (Key Manager API v1). */
public final class Barbican {
  private final HttpClient client;
  private final Url endpoint;
  private final Duration deadline;

  /**
   * A Barbican.
   *
   * @param endpoint without the version
   * @param deadline how long each request may take, with its answer
   */
  public Barbican(Vertx vertx, Url endpoint, Duration deadline) {
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(Math.toIntExact(deadline.toMillis())));
    this.endpoint = endpoint;
    this.deadline = deadline;
  }

  /**
   * A request about a secret.
   *
   * @param part what of the secret, as the end of its path; empty: it itself
   * @param token the caller's proof of identity, if it gave one
   * @param body what is sent along
   */
  record Request(
      HttpMethod method,
      UUID secret,
      String part,
      String accept,
      Optional<String> token,
      Optional<JsonObject> body) {
    /** A request without a body. */
    Request(HttpMethod method, UUID secret, String part, String accept, Optional<String> token) {
      this(method, secret, part, accept, token, Optional.empty());
    }
  }

  /** Sends a request, whose answer must have been read before the deadline. */
  <T> Future<T> send(Request request, Function<HttpClientResponse, Future<T>> reader) {
    var options =
        new RequestOptions()
            .setMethod(request.method())
            .setAbsoluteURI(
                endpoint
                    .below("/v1/secrets/%s%s".formatted(request.secret(), request.part()))
                    .toString())
            .setFollowRedirects(false)
            .putHeader("Accept", request.accept());
    request.token().ifPresent(proof -> options.putHeader("X-Auth-Token", proof));
    request.body().ifPresent(json -> options.putHeader("Content-Type", "application/json"));
    var body = request.body().map(JsonObject::toBuffer).orElseGet(Buffer::buffer);
    return client.request(options).compose(sent -> send(sent, body, reader));
  }

  private <T> Future<T> send(
      HttpClientRequest request, Buffer body, Function<HttpClientResponse, Future<T>> reader) {
    return (body.length() == 0 ? request.send() : request.send(body))
        .compose(reader)
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> request.reset());
  }
}
