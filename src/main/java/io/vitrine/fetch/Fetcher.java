package io.vitrine.fetch;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.AddressRules;
import io.vitrine.net.address.Url;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;

/**
 * Fetches users' URLs. Every hop is checked in full: the form of its URL, then all addresses of its
 * host, which is resolved once; the connection goes to a checked address. Requests contain nothing
 * that identifies this service or the user.
 */
public final class Fetcher {
  private final Vertx vertx;
  private final FetchRules rules;
  private final UriRules uriRules;
  private final HostResolver resolver;
  private final HttpClient client;

  /** Fetches by the rules; trusts the JDK's certificate authorities. */
  public Fetcher(Vertx vertx, FetchRules rules) {
    this(vertx, rules, new HttpClientOptions());
  }

  /** As above, with further TLS settings such as additional authorities. */
  public Fetcher(Vertx vertx, FetchRules rules, HttpClientOptions tls) {
    this.vertx = vertx;
    this.rules = rules;
    this.uriRules = new UriRules(rules);
    this.resolver =
        new HostResolver(vertx, new AddressRules(rules.networks()), rules.connectTimeout());
    var options =
        new HttpClientOptions(tls)
            .setVerifyHost(true)
            .setTrustAll(false)
            .setDecompressionSupported(false)
            .setKeepAlive(false)
            // Third parties must not see our trace ids.
            .setTracingPolicy(TracingPolicy.IGNORE)
            .setConnectTimeout((int) rules.connectTimeout().toMillis());
    // The importer bounds the number of fetches; the pool must not make them wait for each
    // other.
    this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(1000));
  }

  /**
   * Requests the file from the start position. Fails with {@link Problem.Unavailable} if a retry
   * may help, with {@link Problem.NotOffered} if the server does not support ranges, with {@link
   * Problem.OutOfRange} if the position is past the end, and with another problem if a retry is
   * useless.
   */
  public Future<Fetched> fetch(Url uri, ResumePoint start) {
    return hop(uri, new Question(HttpMethod.GET, start), rules.maxRedirects());
  }

  /**
   * The length of a file; empty if the server does not announce it. Asks again with HEAD if the
   * response to GET has no length, since servers that stream it may still know it.
   */
  public Future<OptionalLong> length(Url uri) {
    return fetch(uri, ResumePoint.BEGINNING)
        .compose(
            fetched -> {
              fetched.body().cancel();
              return fetched.contentLength().isPresent()
                  ? Future.succeededFuture(fetched.contentLength())
                  : lengthOfHead(uri);
            });
  }

  private Future<OptionalLong> lengthOfHead(Url uri) {
    return hop(uri, new Question(HttpMethod.HEAD, ResumePoint.BEGINNING), rules.maxRedirects())
        .map(
            answered -> {
              answered.body().cancel();
              return answered.contentLength();
            });
  }

  /**
   * Downloads a whole file, over several connections if necessary; each one starts at the given URL
   * and is checked like the first.
   */
  public Future<ResumingBody> download(Url uri) {
    return ResumingBody.open(vertx, start -> fetch(uri, start), rules.resumption());
  }

  /** Requests a range of at least one byte; works with servers that ignore ranges, too. */
  public Future<FetchedPart> fetchPart(Url uri, ByteRange range) {
    return fetch(uri, ResumePoint.at(range.offset()))
        .map(fetched -> new FetchedPart(fetched.body(), 0, range.length()))
        .recover(
            failure ->
                failure instanceof ProblemException refused
                        && refused.problem() instanceof Problem.NotOffered
                    ? fetch(uri, ResumePoint.BEGINNING)
                        .map(all -> new FetchedPart(all.body(), range.offset(), range.length()))
                    : Future.failedFuture(failure));
  }

  /** Aborts all transfers. */
  public Future<Void> close() {
    return client.close().compose(closed -> resolver.close());
  }

  private Future<Fetched> hop(Url uri, Question question, int redirectsLeft) {
    return Future.succeededFuture(uri.toString())
        .map(uriRules::check)
        .compose(
            checked ->
                resolver
                    .addresses(UriRules.host(checked))
                    .compose(addresses -> connect(checked, question.method(), addresses, 0))
                    .compose(request -> send(request, question.start()))
                    .compose(response -> accept(checked, response, question, redirectsLeft)));
  }

  /** Tries the addresses in order, as dual-stack hosts require. */
  private Future<HttpClientRequest> connect(
      Url uri, HttpMethod method, List<InetAddress> addresses, int index) {
    return client
        .request(options(uri, addresses.get(index)).setMethod(method))
        .recover(
            failure ->
                index + 1 < addresses.size()
                    ? connect(uri, method, addresses, index + 1)
                    : Future.failedFuture(connectProblem(failure)));
  }

  private RequestOptions options(Url uri, InetAddress address) {
    int port = uri.effectivePort();
    return new RequestOptions()
        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
        .setHost(hostHeader(uri))
        .setPort(port)
        .setSsl(uri.isSecure())
        .setURI(uri.target())
        .setFollowRedirects(false)
        .setConnectTimeout(rules.connectTimeout().toMillis());
  }

  private static String hostHeader(Url uri) {
    var host = UriRules.host(uri);
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  private Future<HttpClientResponse> send(HttpClientRequest request, ResumePoint start) {
    request.putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
    request.putHeader(HttpHeaders.USER_AGENT, "vitrine");
    start.putHeaders(request.headers());
    return request
        .send()
        .map(FetchedBody::hold) // at once: each later step may take a turn of the loop
        .timeout(rules.readTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              request.reset();
              return Future.failedFuture(unavailable("The server does not answer."));
            });
  }

  private Future<Fetched> accept(
      Url uri, HttpClientResponse response, Question question, int redirectsLeft) {
    try {
      var head = new ResponseHead(response);
      var target = head.redirect(uri);
      if (target.isPresent()) {
        discard(response);
        return follow(target.get(), question, redirectsLeft);
      }
      head.requireBody(question.start().fromByte());
      var body = new FetchedBody(vertx, response, rules.readTimeout());
      return Future.succeededFuture(head.with(body, uri));
    } catch (ProblemException refused) {
      discard(response);
      return Future.failedFuture(refused);
    }
  }

  private static void discard(HttpClientResponse response) {
    response.exceptionHandler(reset -> {}); // otherwise the reset below is logged as an error
    response.request().reset();
  }

  private Future<Fetched> follow(Url target, Question question, int redirectsLeft) {
    if (redirectsLeft == 0) {
      return Future.failedFuture(invalid("The server redirects too often."));
    }
    return hop(target, question, redirectsLeft - 1);
  }

  private static ProblemException connectProblem(Throwable failure) {
    return failure instanceof SSLHandshakeException
        ? invalid("The server's certificate is not trusted, or is for another name.")
        : unavailable("The server cannot be reached.");
  }

  private record Question(HttpMethod method, ResumePoint start) {}
}
