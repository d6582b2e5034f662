package io.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.TestingServer;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Nothing that a client sends is a fault of the service, and nothing goes unanswered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FuzzWireTest {
  private static final long SEED = Long.getLong("vitrine.fuzz.seed", 20_261_122);
  private static final int ROUNDS = Integer.getInteger("vitrine.fuzz.rounds", 40);
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final Path directory;
  private final TestingServer server;
  private final TestingApi api;
  private final List<String> faults = new ArrayList<>();

  FuzzWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_CACHE__ENABLED",
                "true",
                "VITRINE_IMAGE__SHOW_MULTIPLE_LOCATIONS",
                "true",
                "VITRINE_STORES__BACKENDS__WEB__KIND",
                "http",
                "VITRINE_IMPORT__MAX_ATTEMPTS",
                "1"));
    api = new TestingApi(server.port());
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    TestingServer.remove(directory);
  }

  @Test
  void answersWhateverIsSent() throws Exception {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    var requests = new FuzzedRequests(ApiContract.document(), random);
    var statuses = new TreeMap<Integer, Integer>();
    var end = Instant.now().plus(LIMIT);

    for (int round = 0; round < ROUNDS && Instant.now().isBefore(end); round++) {
      var known = known(round);
      for (var operation : requests.operations()) {
        statuses.merge(send(requests.of(operation, known)), 1, Integer::sum);
      }
    }

    assertThat(faults).isEmpty();
    assertThat(statuses).containsKeys(200, 201, 204, 400, 403, 404, 405, 409, 415);
    var data = new byte[] {1, 2, 3};
    assertThat(api.download(api.create(data)).body()).isEqualTo(data);
    assertThat(api.call("GET", "/v2/images?limit=1000").statusCode()).isEqualTo(200);
  }

  /** What the round's requests are about; they may destroy it. */
  private Map<String, String> known(int round) throws Exception {
    var namespace = "fuzzed" + round;
    api.post("/v2/metadefs/namespaces", new JsonObject().put("namespace", namespace));
    var known = new HashMap<>(Map.of("namespace", namespace, "name", "name-1", "tag", "name-1"));
    known.put("image", round % 2 == 0 ? api.create() : api.create(new byte[] {1, 2, 3}));
    known.put("member", "name-1");
    known.put("store", "local");
    known.put("task", "00000000-0000-4000-8000-000000000000");
    return known;
  }

  private int send(FuzzedRequests.Request request) throws IOException {
    try (var connection = new RawConnection(server.port())) {
      connection.send(request.bytes().getBytes());
      var answer = request.method().equals("HEAD") ? connection.readHead() : connection.read();
      if (answer.status() >= 500 && answer.status() != 501) {
        faults.add(answer.status() + " to " + request);
      }
      return answer.status();
    } catch (EOFException | SocketException closed) {
      faults.add("no answer to " + request);
      return 0;
    }
  }
}
