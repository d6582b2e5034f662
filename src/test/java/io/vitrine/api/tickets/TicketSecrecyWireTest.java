package io.vitrine.api.tickets;

import static io.vitrine.api.tickets.TestingTickets.USE;
import static io.vitrine.api.tickets.TestingTickets.asking;
import static io.vitrine.api.tickets.TestingTickets.one;
import static io.vitrine.api.tickets.TestingTickets.path;
import static io.vitrine.api.tickets.TestingTickets.secret;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** The secret of a ticket is in its URL and nowhere else; every use is in the audit log. */
@ExtendWith(SharedServer.class)
class TicketSecrecyWireTest {
  private final TestingServer server;
  private final TestingApi api;
  private final TestingTickets tickets;
  private final Logger root = logger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger own = logger("io.vitrine");
  private final Logger audit = logger("audit");
  private final Lines lines = new Lines();

  TicketSecrecyWireTest(TestingServer server) {
    this.server = server;
    api = new TestingApi(server.port());
    tickets = new TestingTickets(api, api);
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  /** All that is logged, with pairs and traces of the stack. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      var failure = event.getThrowableProxy();
      all.add(
          event.getLoggerName()
              + " "
              + event.getFormattedMessage()
              + " "
              + event.getKeyValuePairs()
              + (failure == null ? "" : ThrowableProxyUtil.asString(failure)));
    }

    List<String> with(String text) {
      return all.stream().filter(line -> line.contains(text)).toList();
    }
  }

  @BeforeEach
  void listen() {
    lines.setContext(root.getLoggerContext());
    lines.start();
    root.addAppender(lines);
    audit.addAppender(lines);
    own.setLevel(Level.TRACE);
  }

  @AfterEach
  void stop() {
    own.setLevel(null);
    audit.detachAppender(lines);
    root.detachAppender(lines);
    lines.stop();
  }

  private JsonObject entry(JsonObject ticket, String action, int status) {
    var line =
        TestingConditions.await(
            () ->
                lines.with("audit {").stream()
                    .filter(each -> each.contains(ticket.getString("id")))
                    .filter(each -> each.contains("\"action\":\"" + action))
                    .filter(each -> each.contains("\"status\":" + status))
                    .findFirst()
                    .orElse(""),
            found -> !found.isEmpty());
    return new JsonObject(line.substring(line.indexOf('{'), line.lastIndexOf('}') + 1));
  }

  @Test
  void auditsEveryUse() throws Exception {
    var image = api.create(new byte[] {1, 2, 3});
    var ticket = tickets.make(image, "download");
    tickets.get(ticket);
    tickets.head(ticket);
    tickets.put(ticket, "data");
    tickets.revoke(ticket);
    tickets.get(ticket);

    var used = entry(ticket, "GET /vitrine/v1/tickets/:secret", 200);
    assertThat(used.getString("image")).isEqualTo(image);
    assertThat(used.getString("project")).isEqualTo(TestingServer.PROJECT);
    assertThat(used.getString("outcome")).isEqualTo("allowed");
    assertThat(used.getString("address")).isEqualTo("127.0.0.1");
    entry(ticket, "HEAD /vitrine/v1/tickets/:secret", 200);
    assertThat(entry(ticket, "PUT /vitrine/v1/tickets/:secret", 403).getString("outcome"))
        .isEqualTo("denied");
    assertThat(entry(ticket, "GET /vitrine/v1/tickets/:secret", 410).getString("outcome"))
        .isEqualTo("failed");
    entry(ticket, "POST /vitrine/v1/images/:image/tickets", 201);
    entry(ticket, "DELETE /vitrine/v1/images/:image/tickets/:ticket", 204);
  }

  @Test
  void tellsNobodyTheSecret() throws Exception {
    var ticket = tickets.make(api.create("0123".getBytes(US_ASCII)), "download");
    var secret = secret(ticket);
    var answers =
        List.of(
            tickets.get(ticket).body(),
            tickets.head(ticket).headers().map().toString(),
            tickets.get(ticket, "Range", "bytes=9-").body(),
            tickets.get(ticket, "Accept", "application/json", "Range", "x").body(),
            tickets.put(ticket, "data").body(),
            api.call("POST", path(ticket)).body(),
            api.call("GET", path(ticket) + "/").body(),
            api.call("GET", path(ticket) + "/more").body(),
            raw("GET %s%%zz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", path(ticket)),
            api.call("GET", path(ticket) + "%ff").body(),
            api.call("GET", path(ticket).replace("/t", "/%74")).body(),
            api.call("GET", path(ticket).replace("vtk_", "%76tk_")).body(),
            api.call("GET", "/other/../.." + path(ticket)).body(),
            api.call("GET", "/v2/" + secret).body(),
            raw("GET %s HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", path(ticket)),
            raw("GET http://test%s HTTP/1.1\r\nHost: test\r\n\r\n", path(ticket)),
            api.call("GET", one(ticket)).body(),
            management("/metrics"));
    tickets.revoke(ticket);
    tickets.get(ticket);

    assertThat(answers).noneMatch(answer -> answer.contains(secret));
    entry(ticket, "GET /vitrine/v1/tickets/:secret", 410);
    assertThat(lines.with("RequestLog")).hasSizeGreaterThan(15);
    assertThat(lines.with(USE + "…")).isNotEmpty();
    // In whatever form, the end of the secret would be there.
    assertThat(lines.with(secret.substring(10))).isEmpty();
  }

  @Test
  void showsThePathsOfTicketsById() throws Exception {
    var ticket = tickets.make(api.create(new byte[] {1}), asking("head"));

    api.call("GET", one(ticket));

    TestingConditions.await("the line", () -> !lines.with(one(ticket)).isEmpty());
  }

  /** A request as no well-behaved client sends it. */
  private String raw(String request, String path) throws Exception {
    try (var connection = new RawConnection(server.port())) {
      return connection.send(request.formatted(path)).readHead().headers().toString();
    }
  }

  private String management(String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + server.managementPort() + path);
    try (var client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }
}
