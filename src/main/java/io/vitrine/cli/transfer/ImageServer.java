package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonObject;
import io.vitrine.cli.command.CommandException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The image service, over the Image API v2. Waits for answers; every one has a deadline. Several
 * threads may use it at once.
 */
final class ImageServer {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final HttpClient client;
  private final Session session;
  private final Patience patience;

  ImageServer(HttpClient client, Session session, Patience patience) {
    this.client = client;
    this.session = session;
    this.patience = patience;
  }

  /** The URL of the image service. */
  String endpoint() {
    return session.endpoint();
  }

  /** Logs in; tries again while nothing answers. */
  void begin() throws IOException, InterruptedException {
    var left = patience.anew();
    while (true) {
      try {
        session.begin();
        return;
      } catch (IOException broken) {
        left.pause(broken);
      }
    }
  }

  /**
   * Sends a request that may be repeated, and repeats it while the service does not answer or says
   * that it cannot now.
   */
  HttpResponse<String> call(String path, Function<HttpRequest.Builder, HttpRequest.Builder> with)
      throws IOException, InterruptedException {
    var left = patience.anew();
    while (true) {
      try {
        var answer = once(path, with);
        if (!isPassing(answer.statusCode())) {
          return answer;
        }
        left.pause(new IOException("the service answers " + answer.statusCode()));
      } catch (IOException broken) {
        left.pause(broken);
      }
    }
  }

  /** Whether a status says that the same request may succeed later. */
  static boolean isPassing(int status) {
    return status == 408 || status == 423 || status == 429 || (status >= 500 && status != 501);
  }

  private HttpResponse<String> once(
      String path, Function<HttpRequest.Builder, HttpRequest.Builder> with)
      throws IOException, InterruptedException {
    var answer = send(path, with);
    if (answer.statusCode() == 401 && session.canRenew()) {
      session.begin();
      return send(path, with);
    }
    return answer;
  }

  private HttpResponse<String> send(
      String path, Function<HttpRequest.Builder, HttpRequest.Builder> with)
      throws IOException, InterruptedException {
    return client.send(
        with.apply(session.request(path).timeout(DEADLINE)).build(), BodyHandlers.ofString());
  }

  /** An image; fails if there is none that the user sees. */
  JsonObject image(String id) throws IOException, InterruptedException {
    var answer = call("/v2/images/" + id, HttpRequest.Builder::GET);
    return new JsonObject(require(answer, 200, "The image " + id + " cannot be shown").body());
  }

  /** Whether an image has its data. */
  boolean isActive(String id) throws IOException, InterruptedException {
    return status(id).equals("active");
  }

  /** The status of an image; empty if it is gone. */
  String status(String id) throws IOException, InterruptedException {
    var answer = call("/v2/images/" + id, HttpRequest.Builder::GET);
    return answer.statusCode() == 404
        ? ""
        : new JsonObject(require(answer, 200, "The image cannot be shown").body())
            .getString("status", "");
  }

  /** Creates an image. A request that may have arrived is not repeated. */
  JsonObject create(JsonObject image) throws IOException, InterruptedException {
    var left = patience.anew();
    while (true) {
      try {
        var answer =
            once(
                "/v2/images",
                request ->
                    request
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(image.encode())));
        return new JsonObject(require(answer, 201, "The image cannot be created").body());
      } catch (ConnectException refused) {
        left.pause(refused);
      }
    }
  }

  /** The answer, if it has the status; else a failure that says what the service says. */
  static HttpResponse<String> require(HttpResponse<String> answer, int status, String problem) {
    if (answer.statusCode() != status) {
      var body = answer.body() == null ? "" : answer.body().replaceAll("<[^>]*>|\\s+", " ").strip();
      throw new CommandException(
          "%s: the service answers %d%s"
              .formatted(
                  problem,
                  answer.statusCode(),
                  body.isEmpty() ? "." : ", \"%.300s\".".formatted(body)));
    }
    return answer;
  }

  /**
   * Sends a request with much data or for much data. Fails if nothing moves for too long.
   *
   * @param moved how many bytes have passed so far
   */
  <T> HttpResponse<T> transfer(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler, LongSupplier moved)
      throws IOException, InterruptedException {
    var answer = client.sendAsync(request.build(), handler);
    long seen = moved.getAsLong();
    long movedNanos = System.nanoTime();
    while (true) {
      try {
        return answer.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException waiting) {
        if (moved.getAsLong() != seen) {
          seen = moved.getAsLong();
          movedNanos = System.nanoTime();
        } else if (System.nanoTime() - movedNanos > patience.silence().toNanos()) {
          answer.cancel(true);
          throw new IOException("nothing has moved for too long", waiting);
        }
      } catch (ExecutionException | CancellationException failed) {
        throw failed.getCause() instanceof IOException cause ? cause : new IOException(failed);
      }
    }
  }

  /** A request with the present token. */
  HttpRequest.Builder request(String path) {
    return session.request(path);
  }

  /** Gets a new token after the service has refused the old one; fails if there is no way to. */
  void renew() throws IOException, InterruptedException {
    if (!session.canRenew()) {
      throw new CommandException("The service refuses the token, or wants one.");
    }
    session.begin();
  }
}
