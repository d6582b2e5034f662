package io.vitrine.identity;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to Keystone: only so many at the same time, each with a deadline, and again a few
 * times when Keystone does not answer or says that it has failed. Then it fails as unavailable.
 */
final class KeystoneClient {
  private static final Logger log = LoggerFactory.getLogger(KeystoneClient.class);
  private static final int FIRST_PAUSE_MILLIS = 100;
  private static final int MAX_WAITING = 10_000;

  private final Vertx vertx;
  private final KeystoneSettings settings;
  private final HttpClient client;
  private final String tokensPath;

  KeystoneClient(Vertx vertx, KeystoneSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    var url = settings.url();
    boolean isSecure = url.getScheme().equals("https");
    var options =
        new HttpClientOptions()
            .setDefaultHost(url.getHost())
            .setDefaultPort(url.getPort() >= 0 ? url.getPort() : isSecure ? 443 : 80)
            .setSsl(isSecure)
            .setVerifyHost(true)
            .setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis()));
    settings.caFile().ifPresent(file -> options.setTrustOptions(trusting(file.toString())));
    var pool =
        new PoolOptions().setHttp1MaxSize(settings.maxRequests()).setMaxWaitQueueSize(MAX_WAITING);
    client = vertx.createHttpClient(options, pool);
    tokensPath = base(url.getRawPath()) + "/auth/tokens";
  }

  /** An answer that is none of a failing server. */
  record Reply(int status, @Nullable String subjectToken, Buffer body) {}

  /** {@code GET /v3/auth/tokens} with a query. */
  Future<Reply> show(String query, Map<String, String> headers) {
    return attempt(new Ask(HttpMethod.GET, tokensPath + query, headers, Buffer.buffer()), 0);
  }

  /** {@code POST /v3/auth/tokens}. */
  Future<Reply> authenticate(JsonObject body) {
    var headers = Map.of("Content-Type", "application/json");
    return attempt(new Ask(HttpMethod.POST, tokensPath, headers, body.toBuffer()), 0);
  }

  private Future<Reply> attempt(Ask ask, int number) {
    return once(ask)
        .recover(
            failure -> {
              log.warn(
                  "identity service, attempt {} of {}: {}",
                  number + 1,
                  settings.retries() + 1,
                  failure.getMessage());
              return number >= settings.retries()
                  ? Tokens.unavailable("The identity service does not answer; try again later.")
                  : vertx
                      .timer(pauseMillis(number), TimeUnit.MILLISECONDS)
                      .compose(paused -> attempt(ask, number + 1));
            });
  }

  private Future<Reply> once(Ask ask) {
    var options =
        new RequestOptions()
            .setMethod(ask.method())
            .setURI(ask.uri())
            // Includes the wait for one of the pool's connections.
            .setConnectTimeout(settings.requestTimeout().toMillis());
    return client.request(options).compose(request -> exchange(request, ask));
  }

  private Future<Reply> exchange(HttpClientRequest request, Ask ask) {
    request.putHeader("Accept", "application/json");
    ask.headers().forEach(request::putHeader);
    return request
        .send(ask.body())
        .compose(
            response ->
                response
                    .body()
                    .map(
                        body ->
                            new Reply(
                                response.statusCode(),
                                response.getHeader("X-Subject-Token"),
                                body)))
        .timeout(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> request.reset())
        .compose(
            reply ->
                reply.status() >= 500
                    ? Future.failedFuture(VertxException.noStackTrace("status " + reply.status()))
                    : Future.succeededFuture(reply));
  }

  /** Twice as long each time, and never for all callers at the same moment. */
  private static long pauseMillis(int number) {
    long pause = (long) FIRST_PAUSE_MILLIS << Math.min(number, 6);
    return pause + ThreadLocalRandom.current().nextLong(pause);
  }

  private static PemTrustOptions trusting(String file) {
    return new PemTrustOptions().addCertPath(file);
  }

  private static String base(String path) {
    var bare = path.replaceAll("/+$", "");
    return bare.endsWith("/v3") ? bare : bare + "/v3";
  }

  private record Ask(HttpMethod method, String uri, Map<String, String> headers, Buffer body) {}
}
