package io.vitrine.cli.transfer;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The requests of the tus protocol to an image service. Uploads are known by the id at the end of
 * their URL.
 */
record TusRequests(ImageServer server) {
  private static final String UPLOADS = "/vitrine/v1/uploads/";
  private static final String HEADER = "Tus-Resumable";
  private static final String VERSION = "1.0.0";
  private static final String CONCAT = "Upload-Concat";

  private static String uploadsOf(String image) {
    return "/vitrine/v1/images/" + image + "/uploads";
  }

  /** Whether the service can join parts. */
  boolean joinsParts(String image) throws IOException, InterruptedException {
    var answer =
        server.call(
            uploadsOf(image), request -> request.method("OPTIONS", BodyPublishers.noBody()));
    return answer.headers().allValues("Tus-Extension").stream()
        .flatMap(line -> List.of(line.split("[, ]+", -1)).stream())
        .anyMatch("concatenation"::equals);
  }

  /** The id of a new upload of all data; empty if the service, or the store, does not offer it. */
  Optional<String> begin(String image, long bytes) throws IOException, InterruptedException {
    return begin(image, bytes, List.of());
  }

  /** The id of a new upload of a part; empty as above. */
  Optional<String> beginPart(String image, long bytes) throws IOException, InterruptedException {
    return begin(image, bytes, List.of(CONCAT, "partial"));
  }

  private Optional<String> begin(String image, long bytes, List<String> more)
      throws IOException, InterruptedException {
    var answer =
        server.call(
            uploadsOf(image),
            request -> {
              request.header(HEADER, VERSION).header("Upload-Length", String.valueOf(bytes));
              for (int i = 0; i < more.size(); i += 2) {
                request.header(more.get(i), more.get(i + 1));
              }
              return request.POST(BodyPublishers.noBody());
            });
    return switch (answer.statusCode()) {
      // Other services than Vitrine do not know the path.
      case 300, 404, 405, 501 -> Optional.empty();
      default -> {
        ImageServer.require(answer, 201, "The upload cannot begin");
        var location = answer.headers().firstValue("Location").orElse("");
        yield Optional.of(location.substring(location.lastIndexOf('/') + 1));
      }
    };
  }

  /** How many bytes of an upload are durable; empty if it has ended. */
  OptionalLong offset(String upload) throws IOException, InterruptedException {
    var answer =
        server.call(
            UPLOADS + upload,
            request -> request.header(HEADER, VERSION).method("HEAD", BodyPublishers.noBody()));
    if (answer.statusCode() == 404 || answer.statusCode() == 410) {
      return OptionalLong.empty();
    }
    ImageServer.require(answer, 200, "The upload cannot go on");
    return OptionalLong.of(
        Long.parseLong(answer.headers().firstValue("Upload-Offset").orElse("0")));
  }

  /**
   * Goes on with an upload.
   *
   * @param moved how many bytes have passed so far
   */
  HttpResponse<String> send(String upload, long offset, BodyPublisher data, LongSupplier moved)
      throws IOException, InterruptedException {
    var request =
        server
            .request(UPLOADS + upload)
            .header(HEADER, VERSION)
            .header("Upload-Offset", String.valueOf(offset))
            .header("Content-Type", "application/offset+octet-stream")
            .method("PATCH", data);
    return server.transfer(request, BodyHandlers.ofString(), moved);
  }

  /** Joins parts; the answer comes when the service has copied them. */
  HttpResponse<String> join(String image, List<String> parts)
      throws IOException, InterruptedException {
    var urls = parts.stream().map(UPLOADS::concat).collect(Collectors.joining(" "));
    var request =
        server
            .request(uploadsOf(image))
            .header(HEADER, VERSION)
            .header(CONCAT, "final;" + urls)
            .POST(BodyPublishers.noBody());
    return server.transfer(request, BodyHandlers.ofString(), () -> 0);
  }

  /** Gives uploads up, which others may have done already. */
  void end(List<String> uploads) throws IOException, InterruptedException {
    for (var upload : uploads) {
      server.call(UPLOADS + upload, request -> request.header(HEADER, VERSION).DELETE());
    }
  }
}
