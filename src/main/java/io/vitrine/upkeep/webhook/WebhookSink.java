package io.vitrine.upkeep.webhook;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vitrine.net.address.Url;
import io.vitrine.notification.Notification;
import io.vitrine.upkeep.relay.RefusedException;
import io.vitrine.upkeep.relay.Sink;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Posts CloudEvents to a URL, each with a signature; only a 2xx status counts as delivered. */
final class WebhookSink implements Sink {
  private static final String ALGORITHM = "HmacSHA256";

  /** Client errors that may pass, as they say nothing about the event itself. */
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  private final Url url;
  private final WebhookConfig config;
  private final String publisher;
  private final HttpClient client;

  /** A sink that posts to the URL. */
  WebhookSink(Vertx vertx, Url url, WebhookConfig config, String publisher) {
    this.url = url;
    this.config = config;
    this.publisher = publisher;
    var options =
        new HttpClientOptions()
            .setVerifyHost(true)
            .setTracingPolicy(TracingPolicy.IGNORE)
            .setConnectTimeout(Math.toIntExact(config.timeout().toMillis()));
    config
        .caFile()
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    client = vertx.createHttpClient(options);
  }

  @Override
  public String name() {
    return nameOf(url);
  }

  /** A name with the host and a hash of the URL, as the rest of the URL may be secret. */
  static String nameOf(Url url) {
    var hash = UUID.nameUUIDFromBytes(url.toString().getBytes(StandardCharsets.UTF_8));
    return "webhook:" + url.hostName() + "#" + hash.toString().substring(0, 8);
  }

  @Override
  public Duration deadline() {
    return config.timeout();
  }

  @Override
  public int batch() {
    return 1;
  }

  @Override
  public Future<Void> send(List<Notification> notifications) {
    Future<Void> all = Future.succeededFuture();
    for (var notification : notifications) {
      all = all.compose(sent -> post(CloudEvent.of(notification, publisher)));
    }
    return all;
  }

  private Future<Void> post(String event) {
    var body = Buffer.buffer(event);
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(url.toString())
            .putHeader("Content-Type", CloudEvent.CONTENT_TYPE)
            .putHeader("X-Hub-Signature-256", "sha256=" + signature(body.getBytes()));
    return client
        .request(options)
        .compose(request -> status(request, body))
        .timeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .compose(WebhookSink::requireTaken);
  }

  /** Discards the body of the response. */
  private Future<Integer> status(HttpClientRequest request, Buffer body) {
    return request
        .send(body)
        .compose(response -> response.end().map(response.statusCode()))
        .timeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> request.reset());
  }

  private static Future<Void> requireTaken(int status) {
    if (status >= 200 && status < 300) {
      return Future.succeededFuture();
    }
    boolean isRefused = status >= 300 && status < 500 && !PASSING.contains(status);
    return Future.failedFuture(
        isRefused
            ? new RefusedException("status " + status)
            : VertxException.noStackTrace("status " + status));
  }

  private String signature(byte[] body) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(
          new SecretKeySpec(config.secret().value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public Future<Void> close() {
    return client.close();
  }
}
