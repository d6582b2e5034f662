package io.vitrine.api.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.testing.TestingConditions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestTurnsTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<RoutingContext> begun = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() {
    var router = Router.router(vertx);
    router.route().handler(new RequestTurns(Duration.ofHours(1))).handler(begun::add);
    server = vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  /** One connection of HTTP/2, which asks for paths. */
  private HttpClient connection() {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setDefaultHost("127.0.0.1")
            .setDefaultPort(server.actualPort()));
  }

  private static void ask(HttpClient connection, String path, int times) {
    for (int i = 0; i < times; i++) {
      connection.request(HttpMethod.GET, path).onSuccess(request -> request.send());
    }
  }

  private List<String> paths() {
    return begun.stream().map(RoutingContext::normalizedPath).toList();
  }

  @Test
  void leavesRoomBesideAConnectionWithManyStreams() {
    ask(connection(), "/greedy", 60);
    TestingConditions.await(begun::size, count -> count == RequestTurns.AT_ONCE_OF_CONNECTION);

    ask(connection(), "/other", 1);

    TestingConditions.await(this::paths, paths -> paths.contains("/other"));
    assertThat(begun).hasSize(RequestTurns.AT_ONCE_OF_CONNECTION + 1);
  }

  @Test
  void letsThoseGoOnThatWait() {
    ask(connection(), "/greedy", 20);
    for (int answered = 0; answered < 20; answered++) {
      int next = answered;
      TestingConditions.await(begun::size, count -> count > next);
      vertx.runOnContext(on -> begun.get(next).response().end());
    }

    assertThat(begun).hasSize(20);
  }
}
