package io.vitrine.benchmark;

import io.vitrine.testing.TestingKeystone;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * What it costs to know the caller: single images with a token that Keystone has been asked about
 * before, next to a server that asks nobody; and how often Keystone is asked about many tokens.
 */
final class TokenCosts {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final int CONNECTIONS = 16;

  /** Until the code that answers a request is compiled, however busy the machine is. */
  private static final int WARM_UP_REQUESTS = 20_000;

  /** Short runs in turns, so that both servers get the same of a machine with other work. */
  private static final int TURNS = 4;

  private static final int TOKENS = 1000;
  private static final int REQUESTS_PER_TOKEN = 5;
  private static final Duration ANSWER_TIME = Duration.ofMillis(20);
  private static final double OVERHEAD = 0.05;

  private final VitrineProcess open;
  private final Path directory;
  private final Settings settings;

  TokenCosts(VitrineProcess open, Path directory, Settings settings) {
    this.open = open;
    this.directory = directory;
    this.settings = settings;
  }

  void run(Report report) throws Exception {
    var home = Files.createDirectories(directory.resolve("keystone"));
    try (var keystone = TestingKeystone.start()) {
      keystone.issue("token", "ann", "a", "member", "reader");
      var identity =
          Map.of(
              "VITRINE_IDENTITY__KIND",
              "keystone",
              "VITRINE_IDENTITY__KEYSTONE__URL",
              keystone.url(),
              "VITRINE_IDENTITY__KEYSTONE__PASSWORD",
              TestingKeystone.PASSWORD);
      try (var known = VitrineProcess.start(home, settings.heap(), "token", identity)) {
        compare(report, known);
        count(report, keystone, known);
      }
    }
  }

  private void compare(Report report, VitrineProcess known) throws Exception {
    var without = new Side(open, "show, identity none");
    var with = new Side(known, "show, cached token");
    without.warmUp();
    with.warmUp();
    for (int turn = 0; turn < settings.rounds() * TURNS; turn++) {
      without.measure();
      with.measure();
    }
    report.plain(without.result.rate());
    report.plain(without.cpu);
    report.atLeast(with.result.rate(), without.result.rate(), 1 - OVERHEAD);
    report.atMost(with.cpu, without.cpu, 1 + OVERHEAD);
  }

  /** One of the two servers. */
  private final class Side {
    final VitrineProcess server;
    final String image;
    final Wrk wrk;
    final Wrk.Result result;
    final Series cpu;

    Side(VitrineProcess server, String name) throws Exception {
      this.server = server;
      image = server.create("shown");
      wrk = new Wrk(server, settings.seconds());
      result = Wrk.Result.named(name + ", requests/s");
      cpu = new Series("the same, CPU \u00b5s/request");
    }

    void warmUp() throws Exception {
      var done = Wrk.Result.named("warm-up");
      for (double requests = 0; requests < WARM_UP_REQUESTS; ) {
        wrk.run(image, CONNECTIONS, done);
        requests += done.rate().values().getLast() * settings.seconds();
      }
    }

    void measure() throws Exception {
      double before = server.cpuSeconds();
      wrk.run(image, CONNECTIONS, result);
      double requests = result.rate().values().getLast() * settings.seconds();
      cpu.add((server.cpuSeconds() - before) * 1e6 / requests);
    }
  }

  /** All tokens at the same time, each shown several times at once. */
  private static void count(Report report, TestingKeystone keystone, VitrineProcess known)
      throws Exception {
    keystone.slowDown(ANSWER_TIME);
    int before = keystone.validations();
    var calls = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < TOKENS; i++) {
      var token = "token-" + i;
      keystone.issue(token, "user-" + i, "project-" + i, "member", "reader");
      for (int again = 0; again < REQUESTS_PER_TOKEN; again++) {
        calls.add(() -> status(known, token));
      }
    }
    try (var threads = Executors.newFixedThreadPool(200)) {
      for (var call : threads.invokeAll(calls)) {
        if (call.get() != 200) {
          throw new IOException("a token was answered with status " + call.get());
        }
      }
    }
    report.atMost(
        "Keystone calls, %,d tokens %d times".formatted(TOKENS, REQUESTS_PER_TOKEN),
        keystone.validations() - before,
        TOKENS);
    report.atMost("the same, most at a time", keystone.mostOpen(), 16);
  }

  private static int status(VitrineProcess known, String token) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(known.url("/v2/images?limit=1")))
            .header("X-Auth-Token", token)
            .build();
    return CLIENT.send(request, BodyHandlers.discarding()).statusCode();
  }
}
