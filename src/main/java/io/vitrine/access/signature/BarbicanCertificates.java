package io.vitrine.access.signature;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.problem.ProblemException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Certificates stored as secrets in Barbican, read with the caller's token. */
public final class BarbicanCertificates implements Certificates {
  private static final Logger log = LoggerFactory.getLogger(BarbicanCertificates.class);
  private static final Set<String> TYPES =
      Set.of("application/pkix-cert", "application/octet-stream", "text/plain");
  private static final String JSON = "application/json";

  private final Barbican barbican;

  /** Reads from the given Barbican. */
  public BarbicanCertificates(Barbican barbican) {
    this.barbican = barbican;
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
    return barbican
        .send(Barbican.Request.get(id, part, type, token), response -> body(id, response))
        .recover(failure -> Future.failedFuture(toProblem(failure)));
  }

  private static Future<Buffer> body(UUID id, HttpClientResponse response) {
    return switch (response.statusCode()) {
      case 200 -> bounded(id, response);
      case 404 -> Future.failedFuture(X509.notFound(id));
      case 401, 403 ->
          Future.failedFuture(invalid("Unable to retrieve certificate with ID: %s".formatted(id)));
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
    log.atWarn()
        .addKeyValue("error", failure.toString())
        .log("Cannot read certificates from Barbican");
    return unavailable("The key manager is not answering; try again later.");
  }
}
