package io.vitrine.access.identity;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vitrine.net.address.Url;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of an identity service with bounded concurrency. Each request has a deadline and is
 * retried when the service does not answer or returns a server error; when the retries are used up
 * it fails as unavailable.
 */
public final class RetryingClient {
  private static final Logger log = LoggerFactory.getLogger(RetryingClient.class);
  private static final int FIRST_PAUSE_MILLIS = 100;
  private static final int MAX_WAITING = 10_000;

  private final Vertx vertx;
  private final ClientConfig config;
  private final HttpClient client;

  public RetryingClient(Vertx vertx, ClientConfig config) {
    this(vertx, config, TracingPolicy.PROPAGATE);
  }

  /** As above, with the given tracing policy. */
  public RetryingClient(Vertx vertx, ClientConfig config, TracingPolicy tracing) {
    this.vertx = vertx;
    this.config = config;
    var options =
        new HttpClientOptions()
            .setVerifyHost(true)
            .setTracingPolicy(tracing)
            .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis()));
    config
        .caFile()
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    var pool =
        new PoolOptions().setHttp1MaxSize(config.maxRequests()).setMaxWaitQueueSize(MAX_WAITING);
    client = vertx.createHttpClient(options, pool);
  }

  /** One request. */
  public record Ask(HttpMethod method, Url uri, Map<String, String> headers, Buffer body) {
    /** A request without a body. */
    public static Ask get(Url uri, Map<String, String> headers) {
      return new Ask(HttpMethod.GET, uri, headers, Buffer.buffer());
    }
  }

  /** An answer other than a server error. */
  public record Reply(int status, MultiMap headers, Buffer body) {}

  public Future<Reply> send(Ask ask) {
    return attempt(ask, 0);
  }

  /** Sends what must not be sent twice, such as a code that is good for one use. */
  public Future<Reply> sendOnce(Ask ask) {
    return attempt(ask, config.retries());
  }

  private Future<Reply> attempt(Ask ask, int number) {
    return once(ask)
        .recover(
            failure -> {
              log.atDebug()
                  .addKeyValue("attempt", number + 1)
                  .addKeyValue("attempts", config.retries() + 1)
                  .addKeyValue("error", failure.getMessage())
                  .log("The identity service does not answer");
              if (number >= config.retries()) {
                log.atWarn()
                    .addKeyValue("error", failure.getMessage())
                    .log("The identity service does not answer; giving up");
                return Tokens.unavailable("The identity service does not answer; try again later.");
              }
              return vertx
                  .timer(pauseMillis(number), TimeUnit.MILLISECONDS)
                  .compose(paused -> attempt(ask, number + 1));
            });
  }

  private Future<Reply> once(Ask ask) {
    var options =
        new RequestOptions()
            .setMethod(ask.method())
            .setAbsoluteURI(ask.uri().toString())
            // Includes the wait for a connection of the pool.
            .setConnectTimeout(config.requestTimeout().toMillis());
    return client.request(options).compose(request -> exchange(request, ask));
  }

  private Future<Reply> exchange(HttpClientRequest request, Ask ask) {
    request.putHeader("Accept", "application/json");
    ask.headers().forEach(request::putHeader);
    return request
        .send(ask.body())
        .compose(
            response ->
                body(response)
                    .map(body -> new Reply(response.statusCode(), response.headers(), body)))
        .timeout(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> request.reset())
        .compose(
            reply ->
                reply.status() >= 500
                    ? Future.failedFuture(VertxException.noStackTrace("status " + reply.status()))
                    : Future.succeededFuture(reply));
  }

  private Future<Buffer> body(HttpClientResponse response) {
    var whole = Promise.<Buffer>promise();
    var body = Buffer.buffer();
    response
        .exceptionHandler(whole::tryFail)
        .handler(
            chunk -> {
              if (chunk.length() <= config.maxAnswerBytes() - body.length()) {
                body.appendBuffer(chunk);
              } else {
                whole.tryFail(VertxException.noStackTrace("the answer is too large"));
              }
            })
        .endHandler(ended -> whole.tryComplete(body));
    return whole.future();
  }

  /** Exponential backoff with jitter. */
  private static long pauseMillis(int number) {
    long pause = (long) FIRST_PAUSE_MILLIS << Math.min(number, 6);
    return pause + ThreadLocalRandom.current().nextLong(pause);
  }
}
