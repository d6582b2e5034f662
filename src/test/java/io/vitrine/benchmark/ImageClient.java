package io.vitrine.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Creates and deletes images, while nothing is measured. */
final class ImageClient {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ImageClient() {}

  /** The image that all servers are asked to create, as JSON. */
  static String body(String name) {
    return """
    {"name": "%s", "disk_format": "raw", "container_format": "bare", "tags": ["one", "two"],
     "os_distro": "debian", "os_version": "12", "architecture": "x86_64", "hw_disk_bus": "virtio",
     "build": "nightly"}
    """
        .formatted(name);
  }

  /** The path of the new image. */
  static String create(ImageServer server, String name) throws IOException, InterruptedException {
    var request =
        request(server, "/v2/images")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body(name)))
            .build();
    var response = CLIENT.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 201) {
      throw new IOException("the image was not created: " + response.body());
    }
    return URI.create(response.headers().firstValue("Location").orElseThrow()).getPath();
  }

  static void delete(ImageServer server, String image) throws IOException, InterruptedException {
    CLIENT.send(request(server, image).DELETE().build(), BodyHandlers.discarding());
  }

  private static HttpRequest.Builder request(ImageServer server, String path) {
    return HttpRequest.newBuilder(URI.create(server.url(path)))
        .timeout(DEADLINE)
        .header("X-Auth-Token", server.token());
  }
}
