package io.vitrine.api.events;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vitrine.catalog.events.ImageEvents;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import java.io.BufferedReader;
import java.io.IOException;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams over real connections, all on one event loop, which close when nothing passes. */
class EventStreamTest {
  private static final int EVENT_BYTES = 16 << 10;

  /** More than the system's buffers of a connection and the queue before them. */
  private static final int MOST_BYTES = 16 << 20;

  private static final ImageId ID = ImageId.random();

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, EventStream> streams = new ConcurrentHashMap<>();
  private final Promise<Long> slowEnded = Promise.promise();
  private HttpServer server = vertx.createHttpServer();

  @BeforeEach
  void listen() throws TimeoutException {
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setIdleTimeout(1))
            .requestHandler(this::begin)
            .listen(0, "127.0.0.1")
            .await(10, SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, SECONDS);
  }

  private void begin(HttpServerRequest request) {
    var caller = new Caller("ann", "project-a", Set.of("member"));
    var stream =
        new EventStream(request.response(), caller, image("first"), Duration.ofSeconds(60));
    if (request.uri().equals("/slow")) {
      request
          .connection()
          .closeHandler(closed -> slowEnded.complete(request.response().bytesWritten()));
    }
    stream.begin();
    streams.put(request.uri(), stream);
  }

  private static Image image(String failedStores) {
    return new Image(
        ID,
        new Image.State(
            ImageStatus.IMPORTING,
            new Image.Ownership("project-a", Visibility.SHARED, false, false),
            Instant.EPOCH,
            Instant.EPOCH),
        new Image.Metadata(
            "cirros",
            new Image.Requirements("raw", "bare", 0, 0),
            new TreeSet<>(),
            Map.of("os_glance_failed_import", failedStores)),
        Image.Content.NONE);
  }

  private BufferedReader open(String path) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(EVENT_BYTES);
    socket.setSoTimeout(30_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.actualPort()));
    socket
        .getOutputStream()
        .write("GET %s HTTP/1.1\r\nHost: vitrine\r\n\r\n".formatted(path).getBytes(US_ASCII));
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  /** Reads up to an event of the image in this state. */
  private static void await(BufferedReader reader, String failedStores) throws IOException {
    var line = reader.readLine();
    while (!line.contains("\"os_glance_failed_import\":\"" + failedStores)) {
      line = reader.readLine();
    }
  }

  @Test
  @Timeout(60)
  void cutsOffWhoDoesNotReadAndTellsTheOthersAllTheSame() throws Exception {
    try (var slow = open("/slow");
        var quick = open("/quick")) {
      await(slow, "first");
      await(quick, "first");

      for (int number = 0; !slowEnded.future().isComplete(); number++) {
        var state = "event-%d-".formatted(number);
        var now =
            new ImageEvents.Snapshot(image(state + "x".repeat(EVENT_BYTES)), List.of(), List.of());
        vertx.runOnContext(later -> streams.values().forEach(each -> each.show(Optional.of(now))));
        await(quick, state);
      }

      assertThat(slowEnded.future().result()).isBetween((long) EVENT_BYTES, (long) MOST_BYTES);
    }
  }
}
