package io.vitrine.benchmark;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A client that imports images and waits for their end. */
final class ImportClient implements AutoCloseable {
  private static final long LOOK_NANOS = 20_000_000;

  private final HttpClient client = HttpClient.newHttpClient();
  private final VitrineProcess server;

  ImportClient(VitrineProcess server) {
    this.server = server;
  }

  /** Creates an image in the format, and answers its path. */
  String create(String diskFormat) throws IOException, InterruptedException {
    var body = new JsonObject().put("disk_format", diskFormat).put("container_format", "bare");
    return new JsonObject(post("/v2/images", body).body()).getString("self");
  }

  /** Uploads a file as the image's data; the seconds that it took. */
  double upload(String image, Path file) throws IOException, InterruptedException {
    return Curl.upload(server.url(image + "/file"), file);
  }

  /** Stages a file for an import. */
  void stage(String image, Path file) throws IOException, InterruptedException {
    Curl.upload(server.url(image + "/stage"), file);
  }

  /** Imports, and answers the seconds until the import had ended well. */
  double run(String image, JsonObject body) throws IOException, InterruptedException {
    long start = System.nanoTime();
    post(image + "/import", body);
    var task = task(image);
    while (task.getValue("expires_at") == null) {
      LockSupport.parkNanos(LOOK_NANOS);
      task = task(image);
    }
    if (!task.getString("status").equals("success")) {
      throw new IOException("the import failed: " + task.getString("message"));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** The seconds that a step of an image's import took, by the server's own account. */
  double stepSeconds(String image, String step) throws IOException, InterruptedException {
    for (var each : task(image).getJsonArray("progress")) {
      if (each instanceof JsonObject done && done.getString("step").startsWith(step)) {
        return done.getDouble("bytes") / done.getDouble("rate");
      }
    }
    throw new IOException("the import had no such step: " + step);
  }

  private JsonObject task(String image) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(server.url(image + "/tasks"))).build();
    var tasks = new JsonObject(client.send(request, BodyHandlers.ofString()).body());
    return tasks.getJsonArray("tasks").getJsonObject(0);
  }

  private HttpResponse<String> post(String path, JsonObject body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(server.url(path)))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.encode()))
            .build();
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("POST %s was answered: %s".formatted(path, answer.body()));
    }
    return answer;
  }

  void delete(String image) throws IOException, InterruptedException {
    server.delete(image);
  }

  @Override
  public void close() {
    client.close();
  }
}
