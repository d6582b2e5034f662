package io.vitrine.signature;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates among the secrets of Barbican, read with the token of the caller (Key Manager API
 * v1).
 */
public final class BarbicanCertificates implements Certificates {
  private static final Logger log = LoggerFactory.getLogger(BarbicanCertificates.class);
  private static final Set<String> TYPES =
      Set.of("application/pkix-cert", "application/octet-stream", "text/plain");
  private static final String JSON = "application/json";

  private final HttpClient client;
  private final URI endpoint;
  private final Duration deadline;

  /**
   * Certificates of a Barbican.
   *
   * @param endpoint without the version
   * @param deadline how long each of the two requests may take
   */
  public BarbicanCertificates(Vertx vertx, URI endpoint, Duration deadline) {
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(Math.toIntExact(deadline.toMillis())));
    this.endpoint = endpoint;
    this.deadline = deadline;
  }

  @Override
  public Future<X509Certificate> get(UUID id, Optional<String> token) {
    return fetch(id, "", JSON, token)
        .map(description -> contentType(id, description))
        .compose(type -> fetch(id, "/payload", type, token))
        .map(payload -> X509.parse(id, payload));
  }

  private static String contentType(UUID id, Buffer description) {
    try {
      var types = description.toJsonObject().getJsonObject("content_types", new JsonObject());
      return Optional.ofNullable(types)
          .map(each -> each.getString("default"))
          .filter(TYPES::contains)
          .orElseThrow(() -> X509.unusable(id));
    } catch (DecodeException | ClassCastException malformed) {
      throw X509.unusable(id);
    }
  }

  private Future<Buffer> fetch(UUID id, String part, String type, Optional<String> token) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(
                "%s/v1/secrets/%s%s"
                    .formatted(endpoint.toString().replaceFirst("/+$", ""), id, part))
            .setFollowRedirects(false)
            .putHeader("Accept", type);
    token.ifPresent(proof -> options.putHeader("X-Auth-Token", proof));
    return client
        .request(options)
        .compose(request -> send(id, request))
        .recover(failure -> Future.failedFuture(toProblem(failure)));
  }

  private Future<Buffer> send(UUID id, HttpClientRequest request) {
    return request
        .send()
        .compose(response -> body(id, response))
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> request.reset());
  }

  private static Future<Buffer> body(UUID id, HttpClientResponse response) {
    return switch (response.statusCode()) {
      case 200 -> bounded(id, response);
      case 404 -> Future.failedFuture(X509.notFound(id));
      case 401, 403 ->
          Future.failedFuture(
              new ProblemException(
                  new Problem.Invalid("Unable to retrieve certificate with ID: %s".formatted(id))));
      case 406 -> Future.failedFuture(X509.unusable(id));
      default ->
          Future.failedFuture(
              new IllegalStateException("the key manager answered " + response.statusCode()));
    };
  }

  private static Future<Buffer> bounded(UUID id, HttpClientResponse response) {
    var done = Promise.<Buffer>promise();
    var body = Buffer.buffer();
    response.exceptionHandler(done::tryFail);
    response.endHandler(end -> done.tryComplete(body));
    response.handler(
        piece -> {
          if (body.length() + piece.length() > MAX_BYTES) {
            done.tryFail(X509.unusable(id));
          } else {
            body.appendBuffer(piece);
          }
        });
    return done.future();
  }

  private static Throwable toProblem(Throwable failure) {
    if (failure instanceof ProblemException) {
      return failure;
    }
    log.warn("certificates cannot be read now: {}", failure.toString());
    return new ProblemException(
        new Problem.Unavailable(
            "The key manager that keeps the certificate does not answer now; try again later."));
  }
}
