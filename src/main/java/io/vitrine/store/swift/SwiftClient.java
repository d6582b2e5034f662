package io.vitrine.store.swift;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.net.address.Url;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Requests of the Object Storage API, with token renewal, deadlines and retries. */
final class SwiftClient implements AutoCloseable {
  private static final int PAGE = 1000;

  private final SwiftConfig config;
  private final HttpClient http;
  private @Nullable SwiftSession session;

  SwiftClient(SwiftConfig config) {
    this.config = config;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.connectTimeout())
            // A request that waits for a segment's data must not block others.
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /**
   * Sends a request that can be retried.
   *
   * @param path below the account, percent-encoded
   */
  HttpResponse<AnswerBody> send(
      String method, String path, Map<String, String> headers, byte[] body) throws IOException {
    for (int attempt = 0; ; attempt++) {
      var session = session();
      var last = attempt >= config.retries();
      try {
        var answer =
            await(
                start(
                    session,
                    path,
                    HttpRequest.newBuilder()
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body)),
                    headers));
        if (answer.statusCode() == 401) {
          forget(session);
        }
        if (last || (answer.statusCode() != 401 && answer.statusCode() < 500)) {
          return answer;
        }
      } catch (IOException failure) {
        if (last) {
          throw failure;
        }
      }
    }
  }

  HttpResponse<AnswerBody> send(String method, String path) throws IOException {
    return send(method, path, Map.of(), new byte[0]);
  }

  /** Sends a request with a streamed body; it is not retried. */
  CompletableFuture<HttpResponse<AnswerBody>> put(String path, BodyPublisher body)
      throws IOException {
    return start(session(), path, HttpRequest.newBuilder().PUT(body), Map.of());
  }

  private CompletableFuture<HttpResponse<AnswerBody>> start(
      SwiftSession session, String path, HttpRequest.Builder request, Map<String, String> headers) {
    request
        .uri(Url.parse(session.storageUrl() + path).toUri())
        .header("X-Auth-Token", session.token());
    headers.forEach(request::header);
    return http.sendAsync(request.build(), AnswerBody.handler());
  }

  /** Waits for a response until the deadline. */
  HttpResponse<AnswerBody> await(CompletableFuture<HttpResponse<AnswerBody>> answer)
      throws IOException {
    try {
      return answer.get(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      answer.cancel(true);
      throw new HttpTimeoutException("timed out: the object store has not answered");
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof IOException cause ? cause : new IOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the object store");
    }
  }

  private synchronized SwiftSession session() throws IOException {
    if (session == null) {
      var answer =
          await(http.sendAsync(SwiftSession.request(config.login()).build(), AnswerBody.handler()));
      require(answer, "log in");
      session = SwiftSession.of(config.login(), answer);
    }
    return session;
  }

  private synchronized void forget(SwiftSession old) {
    if (old.equals(session)) {
      session = null;
    }
  }

  /** Fails unless the response is a success. */
  static void require(HttpResponse<AnswerBody> answer, String action) throws IOException {
    int status = answer.statusCode();
    if (status / 100 != 2) {
      // Swift answers 507 or 413 when an account or a disk is full.
      var text = status == 507 || status == 413 ? "quota exceeded" : "refused";
      throw new IOException("cannot %s: %s (%d)".formatted(action, text, status));
    }
  }

  /** Visits the objects of a container with the prefix. */
  void list(String container, String prefix, Consumer<JsonObject> visitor) throws IOException {
    for (var marker = ""; ; ) {
      var answer =
          send(
              "GET",
              "/%s?format=json&limit=%d&prefix=%s&marker=%s"
                  .formatted(encode(container), PAGE, encode(prefix), encode(marker)));
      if (answer.statusCode() == 404) {
        return;
      }
      require(answer, "list");
      var text = new String(answer.body().take(), StandardCharsets.UTF_8);
      var page =
          answer.statusCode() == 204 || text.isEmpty() ? new JsonArray() : new JsonArray(text);
      if (page.isEmpty()) {
        return;
      }
      page.forEach(each -> visitor.accept((JsonObject) each));
      marker = page.getJsonObject(page.size() - 1).getString("name");
    }
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
