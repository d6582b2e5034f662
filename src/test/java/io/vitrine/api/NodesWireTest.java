package io.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.importer.TestingDiskImages;
import io.vitrine.importer.TestingImages;
import io.vitrine.importer.decompress.Compression;
import io.vitrine.importer.decompress.TestingArchives;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node with the API and one that works on imports, each with a staging area of its own; they hear
 * each other, and share the database and a store.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodesWireTest {
  private final Path home;
  private final TestingSource source;
  private final TestingServer node;
  private final TestingServer worker;
  private final TestingApi api;

  @TempDir private Path directory = Path.of("");

  NodesWireTest() throws Exception {
    home = TestingServer.newDirectory();
    source = TestingSource.start();
    var members = List.of(freePort(), freePort());
    node = start("api", "http,store", members, 0);
    worker = start("worker", "import,store", members, 1);
    api = new TestingApi(node.port());
  }

  @AfterAll
  void close() throws IOException {
    worker.close();
    node.close();
    source.close();
    TestingServer.remove(home);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private TestingServer start(String name, String roles, List<Integer> members, int mine)
      throws Exception {
    var settings = new HashMap<String, String>();
    settings.put("VITRINE_NODE__NAME", name);
    settings.put("VITRINE_ROLES", roles);
    settings.put("VITRINE_DATABASE__URL", TestingDatabase.of(home).toUrl());
    settings.put("VITRINE_LEASE__GC_INTERVAL", "1s");
    // A quarter of it is how long data that is no full piece waits before it is sent and counts.
    settings.put("VITRINE_TRANSFER__IDLE_TIMEOUT", "10s");
    settings.put("VITRINE_STORES__BACKENDS__LOCAL__DIR", home.resolve("shared").toString());
    settings.put("VITRINE_STORES__BACKENDS__LOCAL__SHARED", "true");
    settings.put("VITRINE_IMPORT__PLUGINS", "image_decompression,image_conversion");
    settings.put("VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS", String.valueOf(source.port()));
    settings.put("VITRINE_CLUSTER__ENABLED", "true");
    settings.put("VITRINE_CLUSTER__HOST", "127.0.0.1");
    settings.put("VITRINE_CLUSTER__MERGE__FIRST_DELAY", "1s");
    settings.put("VITRINE_CLUSTER__MERGE__NEXT_DELAY", "1s");
    settings.put(
        "VITRINE_CLUSTER__MEMBERS",
        "127.0.0.1:%d,127.0.0.1:%d".formatted(members.get(0), members.get(1)));
    settings.put("VITRINE_CLUSTER__PORT", String.valueOf(members.get(mine)));
    settings.put("VITRINE_CLUSTER__EVENT_BUS_PORT", String.valueOf(freePort()));
    return TestingServer.start(Files.createDirectory(home.resolve(name)), settings);
  }

  @Test
  void decompressesAndConvertsWhatAnotherNodeHasStaged() throws Exception {
    var raw = Files.readAllBytes(TestingImages.raw(directory, 4));
    var packed = TestingArchives.compress(Compression.GZIP, TestingDiskImages.of("qcow2", raw));
    var id = api.create("qcow2");
    assertThat(api.stage(id, packed).statusCode()).isEqualTo(204);
    assertThat(node.staged()).hasSize(1);

    assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

    var image = api.await(id, "active");
    assertThat(image.getString("disk_format")).isEqualTo("raw");
    assertThat(api.download(id).body()).isEqualTo(raw);
    TestingConditions.await(node::staged, List::isEmpty);
    TestingConditions.await(worker::files, List::isEmpty);
  }

  @Test
  void tellsOfAnImportThatAnotherNodeWorksOn() throws Exception {
    var data = UploadWireTest.data(1 << 20);
    var go = new CountDownLatch(1);
    var id = api.create();
    var request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + node.port() + "/v2/images/" + id + "/events"));
    try (var client = HttpClient.newHttpClient()) {
      var events = client.send(request.build(), BodyHandlers.ofLines()).body().iterator();

      api.importFrom(id, heldBack(data, go));
      var half = next(events, "bytes\":" + data.length / 2);
      go.countDown();
      var last = next(events, "\"success\"");
      var end = next(events, "reason");

      assertThat(half).contains("downloading").contains("processing");
      assertThat(last).contains("Imported to local.");
      assertThat(end).contains("final");
    }
  }

  private String heldBack(byte[] data, CountDownLatch go) {
    return source.serve(
        client -> {
          TestingSource.send(client, data, data.length / 2);
          try {
            go.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
          client.write(data, data.length / 2, data.length - data.length / 2);
        });
  }

  /** The data of the next event that has the text. */
  private static String next(Iterator<String> lines, String text) {
    var line = lines.next();
    while (!line.startsWith("data: ") || !line.contains(text)) {
      line = lines.next();
    }
    return line;
  }
}
