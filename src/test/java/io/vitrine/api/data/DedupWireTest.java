package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server whose only store keeps equal data once. */
class DedupWireTest {
  private static final byte[] DATA = UploadWireTest.data(100_000);

  private final Path directory;
  private final TestingServer server;
  private final TestingApi api;

  DedupWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_STORES__BACKENDS__LOCAL__DEDUP", "true",
                "VITRINE_LEASE__GC_INTERVAL", "1s",
                "VITRINE_SCRUB__INTERVAL", "1s"));
    api = new TestingApi(server.port());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    TestingServer.remove(directory);
  }

  private List<Path> files() throws IOException {
    try (var tree = Files.walk(server.store("local"))) {
      return tree.filter(Files::isRegularFile).toList();
    }
  }

  private void awaitFiles(int count) {
    TestingConditions.await(this::files, files -> files.size() == count);
  }

  private void delete(String id) throws Exception {
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void keepsEqualDataOnceUntilTheLastImageIsDeleted() throws Exception {
    var first = api.create(DATA);
    var second = api.create(DATA);
    var other = api.create(UploadWireTest.data(100_001));

    awaitFiles(2);
    delete(first);
    delete(other);
    awaitFiles(1);

    assertThat(Arrays.equals(api.download(second).body(), DATA)).isTrue();
    assertThat(api.download(second, "Range", "bytes=10-19").body())
        .isEqualTo(Arrays.copyOfRange(DATA, 10, 20));
    var third = api.create(DATA);
    delete(second);
    awaitFiles(1);
    assertThat(Arrays.equals(api.download(third).body(), DATA)).isTrue();
    delete(third);
    awaitFiles(0);
  }

  @Test
  void answersTheSameWhetherOrNotTheDataIsThere() throws Exception {
    var one = api.create();
    var two = api.create();

    var first = api.upload(one, DATA);
    var second = api.upload(two, DATA);

    assertThat(second.statusCode()).isEqualTo(first.statusCode());
    assertThat(second.headers().map().keySet()).isEqualTo(first.headers().map().keySet());
    assertThat(api.image(two).getLong("size")).isEqualTo(DATA.length);
    assertThat(api.image(two).fieldNames()).isEqualTo(api.image(one).fieldNames());
  }

  @Test
  void refersToNothingThatIsDamaged() throws Exception {
    var first = api.create(DATA);
    var second = api.create(DATA);
    awaitFiles(1);
    var management = new TestingApi(server.managementPort());
    Files.write(files().getFirst(), new byte[DATA.length]);
    TestingConditions.await(
        () -> management.call("GET", "/metrics").body(),
        text -> text.contains("vitrine_scrub_damaged{store=\"local\"} 2.0"));

    var third = api.create(DATA);

    awaitFiles(2);
    assertThat(Arrays.equals(api.download(third).body(), DATA)).isTrue();
    delete(first);
    delete(second);
    awaitFiles(1);
    assertThat(Arrays.equals(api.download(third).body(), DATA)).isTrue();
  }

  /** Several clients upload few contents again and again and delete them, all at once. */
  @Test
  void losesNothingAndKeepsNothingWhateverComesTogether() throws Exception {
    var contents = new ArrayList<byte[]>();
    for (int i = 0; i < 3; i++) {
      contents.add(UploadWireTest.data(20_000 + i));
    }
    var live = new HashMap<String, byte[]>();
    try (var threads = Executors.newFixedThreadPool(6)) {
      var clients = new ArrayList<Callable<Map<String, byte[]>>>();
      for (int seed = 0; seed < 6; seed++) {
        var chance = new Random(seed);
        clients.add(() -> client(chance, contents));
      }
      for (var client : threads.invokeAll(clients)) {
        live.putAll(client.get());
      }
    }

    for (var image : live.entrySet()) {
      assertThat(Arrays.equals(api.download(image.getKey()).body(), image.getValue())).isTrue();
    }
    awaitFiles((int) live.values().stream().distinct().count());
    for (var image : live.keySet()) {
      delete(image);
    }
    awaitFiles(0);
  }

  /** Does random things and answers what is left of its images. */
  private Map<String, byte[]> client(Random chance, List<byte[]> contents) throws Exception {
    var live = new HashMap<String, byte[]>();
    for (int step = 0; step < 40; step++) {
      if (!live.isEmpty() && chance.nextInt(100) < 55) {
        var id = live.keySet().iterator().next();
        assertThat(Arrays.equals(api.download(id).body(), live.remove(id))).isTrue();
        delete(id);
      } else {
        var data = contents.get(chance.nextInt(contents.size()));
        live.put(api.create(data), data);
      }
    }
    return live;
  }
}
