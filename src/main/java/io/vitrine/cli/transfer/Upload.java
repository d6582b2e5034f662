package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonObject;
import io.vitrine.cli.command.CommandException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends a file as the data of an image. By the tus protocol (https://tus.io) it goes on where it
 * broke off, even in another process; without that, it begins again.
 */
final class Upload {
  private static final String UPLOADS = "/vitrine/v1/uploads/";
  private static final String VERSION = "1.0.0";

  private final ImageServer server;
  private final Patience patience;
  private final UploadState state;
  private final JsonObject image;
  private final CountedFile data;
  private final AtomicLong position;
  private final long size;

  /**
   * What is to be sent.
   *
   * @param image the attributes of the image, if it has to be created
   * @param position told how far the upload is
   */
  record Order(Path file, long size, JsonObject image, AtomicLong position) {}

  Upload(ImageServer server, Patience patience, UploadState state, Order order) {
    this.server = server;
    this.patience = patience;
    this.state = state;
    this.image = order.image;
    this.data = new CountedFile(order.file, order.position);
    this.position = order.position;
    this.size = order.size;
  }

  /** Sends the file, and returns the image as it is then. */
  JsonObject run() throws IOException, InterruptedException {
    var place = place();
    var id = place.image();
    if (!isActive(id)) {
      var upload = place.upload().isPresent() ? place.upload() : begin(id);
      state.write(new UploadState.Place(id, upload));
      if (upload.isPresent()) {
        sendParts(id, upload.get());
      } else {
        sendWhole(id);
      }
    }
    position.set(size);
    state.forget();
    return server.image(id);
  }

  /** Where an earlier command has stopped, or a new image. */
  private UploadState.Place place() throws IOException, InterruptedException {
    var left = state.read();
    if (left.isPresent()) {
      var status = status(left.get().image());
      if (status.equals("queued")) {
        return new UploadState.Place(left.get().image(), Optional.empty());
      }
      if (status.equals("active") || (status.equals("saving") && left.get().upload().isPresent())) {
        return left.get();
      }
    }
    var place = new UploadState.Place(server.create(image).getString("id"), Optional.empty());
    state.write(place);
    return place;
  }

  private boolean isActive(String id) throws IOException, InterruptedException {
    return status(id).equals("active");
  }

  /** The status of an image; empty if it is gone. */
  private String status(String id) throws IOException, InterruptedException {
    var answer = server.call("/v2/images/" + id, request -> request.GET());
    return answer.statusCode() == 404
        ? ""
        : new JsonObject(ImageServer.require(answer, 200, "The image cannot be shown").body())
            .getString("status", "");
  }

  /** The id of a new upload; empty if the service, or the store, does not offer it. */
  private Optional<String> begin(String id) throws IOException, InterruptedException {
    var answer =
        server.call(
            "/vitrine/v1/images/" + id + "/uploads",
            request ->
                request
                    .header("Tus-Resumable", VERSION)
                    .header("Upload-Length", String.valueOf(size))
                    .POST(BodyPublishers.noBody()));
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

  private void sendParts(String id, String upload) throws IOException, InterruptedException {
    patience.renew();
    long offset = offset(id, upload);
    while (offset < size) {
      var failure = attempt(id, upload, offset);
      long now = offset(id, upload);
      if (now > offset) {
        patience.renew();
      }
      if (now < size && failure.isPresent()) {
        patience.pause(failure.get());
      }
      offset = now;
    }
  }

  private Optional<IOException> attempt(String id, String upload, long offset)
      throws InterruptedException {
    try {
      return failure(id, send(upload, offset));
    } catch (IOException broken) {
      return Optional.of(broken);
    }
  }

  private HttpResponse<String> send(String upload, long offset)
      throws IOException, InterruptedException {
    var request =
        server
            .request(UPLOADS + upload)
            .header("Tus-Resumable", VERSION)
            .header("Upload-Offset", String.valueOf(offset))
            .header("Content-Type", "application/offset+octet-stream")
            .method("PATCH", data.from(offset, size));
    return server.transfer(request, BodyHandlers.ofString(), position::get);
  }

  /** Why to try again; fails if that is of no use. */
  private Optional<IOException> failure(String id, HttpResponse<String> answer)
      throws IOException, InterruptedException {
    int status = answer.statusCode();
    if (status == 204) {
      return Optional.empty();
    }
    if (status == 401) {
      server.renew();
    } else if (!ImageServer.isPassing(status) && status != 409 && status != 404 && status != 410) {
      state.forget();
      ImageServer.require(answer, 204, "The data of the image %s is refused".formatted(id));
    }
    return Optional.of(new IOException("the service answers " + status));
  }

  /** How much of the data is durable. */
  private long offset(String id, String upload) throws IOException, InterruptedException {
    var answer =
        server.call(
            UPLOADS + upload,
            request ->
                request.header("Tus-Resumable", VERSION).method("HEAD", BodyPublishers.noBody()));
    if (answer.statusCode() == 404 || answer.statusCode() == 410) {
      if (isActive(id)) {
        return size;
      }
      state.forget();
      throw new CommandException(
          "The upload of the image %s has expired or was ended; start again.".formatted(id));
    }
    ImageServer.require(answer, 200, "The upload cannot go on");
    return Long.parseLong(answer.headers().firstValue("Upload-Offset").orElse("0"));
  }

  /** Sends all data in one request, and all of it again if that fails. */
  private void sendWhole(String id) throws IOException, InterruptedException {
    patience.renew();
    while (!isActive(id)) {
      try {
        var request =
            server
                .request("/v2/images/" + id + "/file")
                .header("Content-Type", "application/octet-stream")
                .PUT(data.from(0, size));
        var failure = failure(id, server.transfer(request, BodyHandlers.ofString(), position::get));
        if (failure.isPresent()) {
          patience.pause(failure.get());
        }
      } catch (IOException broken) {
        patience.pause(broken);
      }
    }
  }
}
