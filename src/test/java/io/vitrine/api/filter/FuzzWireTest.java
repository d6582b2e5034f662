package io.vitrine.api.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.ApiContract;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Nothing that a client sends is a fault of the service, and nothing goes unanswered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FuzzWireTest {
  private static final long SEED = Long.getLong("vitrine.fuzz.seed", 20_261_130);
  private static final int ROUNDS = Integer.getInteger("vitrine.fuzz.rounds", 40);

  /** What the round's things are called, as values of the right type often are. */
  private static final String NAME = "name-1";

  private static final Duration LIMIT = Duration.ofSeconds(40);

  /** How often the rounds and the limit may be exceeded until all statuses have been seen. */
  private static final int PATIENCE = 4;

  private static final Set<Integer> WANTED =
      Set.of(200, 201, 202, 204, 400, 403, 404, 405, 409, 413, 415);

  private final Path directory;
  private final TestingServer server;
  private final TestingApi api;
  private final String task;
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
    task = endedTask();
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
    var start = Instant.now();

    for (int round = 0; isGoingOn(round, start, statuses.keySet()); round++) {
      var known = known(round);
      for (var operation : requests.operations()) {
        statuses.merge(send(requests.of(operation, known)), 1, Integer::sum);
      }
    }

    assertThat(faults).as("with the seed %d", SEED).isEmpty();
    assertThat(statuses.keySet()).as("statuses with the seed %d", SEED).containsAll(WANTED);
    var data = new byte[] {1, 2, 3};
    assertThat(api.download(api.create(data)).body()).isEqualTo(data);
    assertThat(api.call("GET", "/v2/images?limit=1000").statusCode()).isEqualTo(200);
  }

  private static boolean isGoingOn(int round, Instant start, Set<Integer> seen) {
    int times = seen.containsAll(WANTED) ? 1 : PATIENCE;
    return round < ROUNDS * times && Instant.now().isBefore(start.plus(LIMIT.multipliedBy(times)));
  }

  /** What the round's requests are about; they may destroy it. */
  private Map<String, String> known(int round) throws Exception {
    var image = round % 2 == 0 ? api.create() : api.create(new byte[] {1, 2, 3});
    var namespace = "/v2/metadefs/namespaces/fuzzed" + round;
    api.post("/v2/metadefs/namespaces", JsonObject.of("namespace", "fuzzed" + round));
    api.post(namespace + "/objects", JsonObject.of("name", NAME));
    api.post(
        namespace + "/properties", JsonObject.of("name", NAME, "title", NAME, "type", "string"));
    api.post(namespace + "/resource_types", JsonObject.of("name", NAME));
    api.call("POST", namespace + "/tags/" + NAME);
    api.post("/v2/images/" + image + "/members", JsonObject.of("member", NAME));
    api.call("PUT", "/v2/images/" + image + "/tags/" + NAME);
    return Map.of(
        "namespace",
        "fuzzed" + round,
        "name",
        NAME,
        "tag",
        NAME,
        "image",
        image,
        "member",
        NAME,
        "store",
        "local",
        "task",
        task);
  }

  /** The id of a task that has ended. */
  private String endedTask() throws Exception {
    var image = api.create();
    api.stage(image, new byte[] {1});
    api.importStaged(image);
    api.await(image, "active");
    return api.task(image).getString("id");
  }

  private int send(FuzzedRequests.Request request) throws IOException {
    try (var connection = new RawConnection(server.port())) {
      connection.send(request.bytes().getBytes());
      var head = connection.readHead();
      // A stream of events goes on for as long as its image does.
      boolean hasNoEnd = "text/event-stream".equals(head.headers().get("content-type"));
      var answer = request.method().equals("HEAD") || hasNoEnd ? head : connection.readBody(head);
      if (answer.status() >= 500 && answer.status() != 501) {
        faults.add(answer.status() + " to " + request);
      } else {
        ApiContract.fault(request, answer).ifPresent(fault -> faults.add(fault + " by " + request));
      }
      return answer.status();
    } catch (EOFException | SocketException closed) {
      faults.add("no answer to " + request);
      return 0;
    }
  }
}
