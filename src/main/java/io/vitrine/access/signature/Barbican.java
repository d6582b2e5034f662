package io.vitrine.access.signature;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vitrine.net.address.Url;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A client of Barbican's secrets, with the caller's rights (Key Manager API v1). */
public final class Barbican {
  private static final int ATTEMPTS = 3;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final HttpClient client;
  private final Url endpoint;
  private final Duration deadline;
  private final Duration pause;

  /**
   * A client of one Barbican.
   *
   * @param endpoint the URL without the version
   * @param deadline for each request, including its answer
   */
  public Barbican(Vertx vertx, Url endpoint, Duration deadline) {
    this(vertx, endpoint, deadline, PAUSE);
  }

  /** As above; pauses for so long before the second attempt, and twice as long before the third. */
  Barbican(Vertx vertx, Url endpoint, Duration deadline, Duration pause) {
    this.vertx = vertx;
    this.pause = pause;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(Math.toIntExact(deadline.toMillis())));
    this.endpoint = endpoint;
    this.deadline = deadline;
  }

  /**
   * A request about a secret.
   *
   * @param part the rest of the path below the secret; empty for the secret itself
   * @param token the caller's token, if any
   * @param body the request's body
   */
  record Request(
      HttpMethod method,
      UUID secret,
      String part,
      String accept,
      Optional<String> token,
      Optional<JsonObject> body) {
    /** Reads a part of a secret. */
    static Request get(UUID secret, String part, String accept, Optional<String> token) {
      return new Request(HttpMethod.GET, secret, part, accept, token, Optional.empty());
    }

    /** Deletes a secret. */
    static Request delete(UUID secret, String accept, Optional<String> token) {
      return new Request(HttpMethod.DELETE, secret, "", accept, token, Optional.empty());
    }
  }

  /** Sends a request; the reader must finish before the deadline. */
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

  /**
   * Sends an idempotent request, with up to two retries while the key manager is unreachable or
   * returns a server error.
   */
  <T> Future<T> insist(Request request, Function<HttpClientResponse, Future<T>> reader) {
    return attempt(request, reader, 1);
  }

  private <T> Future<T> attempt(
      Request request, Function<HttpClientResponse, Future<T>> reader, int attempt) {
    if (attempt == ATTEMPTS) {
      return send(request, reader);
    }
    return send(request, response -> requireWell(response).compose(reader))
        .recover(
            failure ->
                isPassing(failure)
                    ? vertx
                        .timer(pause.toMillis() * attempt, TimeUnit.MILLISECONDS)
                        .compose(passed -> attempt(request, reader, attempt + 1))
                    : Future.failedFuture(failure));
  }

  private static Future<HttpClientResponse> requireWell(HttpClientResponse response) {
    return response.statusCode() < 500
        ? Future.succeededFuture(response)
        : response
            .body()
            .compose(
                read -> Future.failedFuture(new IOException("answered " + response.statusCode())));
  }

  private static boolean isPassing(Throwable failure) {
    return failure instanceof IOException
        || failure instanceof TimeoutException
        || failure instanceof HttpClosedException;
  }

  private <T> Future<T> send(
      HttpClientRequest request, Buffer body, Function<HttpClientResponse, Future<T>> reader) {
    return (body.length() == 0 ? request.send() : request.send(body))
        .compose(reader)
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> request.reset());
  }
}
