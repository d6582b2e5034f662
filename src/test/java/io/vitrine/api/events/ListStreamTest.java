package io.vitrine.api.events;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vitrine.access.policy.PropertyProtections;
import io.vitrine.api.request.Access;
import io.vitrine.catalog.events.ImageChanges.Change;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import io.vitrine.testing.TestingConditions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream over a real connection whose client reads when it likes. */
class ListStreamTest {
  private static final int EVENT_BYTES = 16 << 10;
  private static final int MOST_EVENTS = 1000;
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final ImageId ID = ImageId.random();

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<ListStream> stream = new AtomicReference<>();
  private final AtomicReference<Context> context = new AtomicReference<>();

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, SECONDS);
  }

  private void begin(HttpServerRequest request) {
    var begun =
        new ListStream(
            new EventChannel(request.response(), Duration.ofSeconds(60)),
            new Caller("ann", "project-a", Set.of("member")),
            new Access((caller, rule, target) -> true, PropertyProtections.NONE),
            Optional.empty());
    begun.begin();
    context.set(vertx.getOrCreateContext());
    stream.set(begun);
  }

  private static News news(int second, News.Kind kind) {
    var image =
        new Image(
            ID,
            new Image.State(
                ImageStatus.QUEUED,
                new Image.Ownership("project-a", Visibility.PRIVATE, false, false),
                BEGIN,
                BEGIN),
            new Image.Metadata(
                "number-%d-%s".formatted(second, "x".repeat(EVENT_BYTES)),
                new Image.Requirements("raw", "bare", 0, 0),
                new TreeSet<>(),
                Map.of()),
            Image.Content.NONE);
    return new News(
        BEGIN.plusSeconds(second),
        kind,
        List.of(ID),
        List.of(),
        List.of(),
        Map.of(ID, new Change(image, false, Set.of())));
  }

  private ListStream.Place tell(News news) {
    var told = new CompletableFuture<ListStream.Place>();
    context
        .get()
        .runOnContext(
            now -> {
              stream.get().tell(news);
              told.complete(stream.get().place());
            });
    return told.join();
  }

  @Test
  @Timeout(60)
  void tellsWhoHasFallenBehindHowThingsAreThen() throws Exception {
    var server =
        vertx
            .createHttpServer()
            .requestHandler(this::begin)
            .listen(0, "127.0.0.1")
            .await(10, SECONDS);
    try (var socket = new Socket()) {
      socket.setReceiveBufferSize(EVENT_BYTES);
      socket.setSoTimeout(30_000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.actualPort()));
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: vitrine\r\n\r\n".getBytes(US_ASCII));
      TestingConditions.await(stream::get, begun -> begun != null);

      int second = 0;
      var place = tell(news(second, News.Kind.START));
      while (!place.isBehind() && second < MOST_EVENTS) {
        place = tell(news(++second, News.Kind.LIVE));
      }
      int missed = second;
      assertThat(place).isEqualTo(new ListStream.Place(Optional.of(at(missed - 1)), true));

      var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      await(reader, "number-%d-".formatted(missed - 1));
      assertThat(tell(news(missed + 1, News.Kind.LIVE)).isBehind()).isTrue();
      TestingConditions.await(
          () -> tell(news(missed + 2, News.Kind.CAUGHT_UP)), caught -> !caught.isBehind());
      await(reader, "number-%d-".formatted(missed + 2));
      await(reader, "id: " + EventId.of(at(missed + 2)));
    }
  }

  private static Instant at(int second) {
    return BEGIN.plusSeconds(second);
  }

  private static void await(BufferedReader reader, String text) throws Exception {
    var line = reader.readLine();
    while (!line.contains(text)) {
      line = reader.readLine();
    }
  }
}
