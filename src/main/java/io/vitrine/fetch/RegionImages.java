package io.vitrine.fetch;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.RegionAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Reads images of other regions. The operator's service catalog names the endpoints, so they may be
 * in any network. Redirects are not followed, because requests carry the user's token.
 */
public final class RegionImages {
  private static final int MAX_DESCRIPTION_BYTES = 4 << 20;

  private final Vertx vertx;
  private final Duration readTimeout;
  private final Resumption resumption;
  private final HttpClient client;

  /**
   * How long a region may take.
   *
   * @param connect for resolving and connecting
   * @param read for the response's head, and between two pieces of the body
   */
  public record Timeouts(Duration connect, Duration read) {}

  /**
   * A client of all regions.
   *
   * @param caFile authorities in PEM that are trusted instead of the JDK's
   * @param resumption how broken transfers are resumed
   */
  public RegionImages(
      Vertx vertx, Optional<Path> caFile, Resumption resumption, Timeouts timeouts) {
    this.vertx = vertx;
    this.resumption = resumption;
    this.readTimeout = timeouts.read();
    var options =
        new HttpClientOptions()
            .setVerifyHost(true)
            .setKeepAlive(false)
            .setConnectTimeout(Math.toIntExact(timeouts.connect().toMillis()));
    caFile.ifPresent(
        file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    // The importer bounds their number; the pool must not make them wait for each other.
    client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(1000));
  }

  /** The image in the JSON form of the region's API. */
  public Future<JsonObject> describe(RegionAccess access, UUID image) {
    return get(access, "/v2/images/" + image, ResumePoint.BEGINNING)
        .compose(fetched -> collect(fetched.body()))
        .map(RegionImages::toJson);
  }

  /**
   * The image's data. Fails with {@link Problem.Unavailable} if a retry may help, and with another
   * problem if it is useless.
   */
  public Future<ResumingBody> data(RegionAccess access, UUID image) {
    var source =
        new ResumingBody.Source() {
          @Override
          public Future<Fetched> from(ResumePoint start) {
            return get(access, "/v2/images/" + image + "/file", start);
          }

          // The data of an active image never changes.
          @Override
          public boolean isImmutable() {
            return true;
          }
        };
    return ResumingBody.open(vertx, source, resumption);
  }

  private Future<Fetched> get(RegionAccess access, String path, ResumePoint start) {
    var options =
        new RequestOptions()
            .setAbsoluteURI(access.endpoint().below(path).toString())
            .setFollowRedirects(false);
    return client
        .request(options)
        .recover(failure -> unavailable("The image service of the region cannot be reached."))
        .compose(request -> send(request, access.token(), start))
        .map(
            response -> {
              var head = new ResponseHead(response);
              try {
                head.requireBody(start.fromByte());
              } catch (ProblemException refused) {
                response.exceptionHandler(reset -> {}); // otherwise the reset is logged as an error
                response.request().reset();
                throw refused;
              }
              var body = new FetchedBody(vertx, response, readTimeout);
              return head.with(body, access.endpoint());
            });
  }

  private Future<HttpClientResponse> send(
      HttpClientRequest request, String token, ResumePoint start) {
    start.putHeaders(request.headers());
    request.putHeader("X-Auth-Token", token);
    request.putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
    request.putHeader(HttpHeaders.USER_AGENT, "vitrine");
    return request
        .send()
        .map(FetchedBody::hold) // at once: each later step may take a turn of the loop
        .timeout(readTimeout.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              request.reset();
              return unavailable("The image service of the region does not answer.");
            });
  }

  private Future<Buffer> collect(FetchedBody body) {
    var done = Promise.<Buffer>promise();
    var collected = Buffer.buffer();
    body.exceptionHandler(done::tryFail);
    body.endHandler(end -> done.tryComplete(collected));
    body.handler(
        piece -> {
          if (collected.appendBuffer(piece).length() > MAX_DESCRIPTION_BYTES) {
            body.cancel();
            done.tryFail(unusable());
          }
        });
    body.resume();
    return done.future()
        .timeout(readTimeout.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> body.cancel())
        .recover(
            failure ->
                failure instanceof ProblemException
                    ? Future.failedFuture(failure)
                    : unavailable("The image service of the region does not answer."));
  }

  private static JsonObject toJson(Buffer text) {
    try {
      return text.toJsonObject();
    } catch (DecodeException | ClassCastException malformed) {
      throw unusable();
    }
  }

  private static ProblemException unusable() {
    return invalid("The other region's description of the image is unusable.");
  }

  private static <T> Future<T> unavailable(String detail) {
    return Future.failedFuture(ProblemException.unavailable(detail));
  }
}
