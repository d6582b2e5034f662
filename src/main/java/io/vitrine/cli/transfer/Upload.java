package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends a file as the data of an image. By the tus protocol (https://tus.io) it goes on where it
 * broke off, even in another process; without that, it begins again.
 */
final class Upload {
  private final ImageServer server;
  private final PieceSender sender;
  private final UploadState state;
  private final Order order;
  private volatile List<FilePiece> pieces = List.of();

  /**
   * What is to be sent.
   *
   * @param image the attributes of the image, if it has to be created
   * @param parts in how many parts at once, if no earlier command has begun with others
   * @param told what the user should know
   */
  record Order(Path file, long size, JsonObject image, int parts, Consumer<String> told) {}

  Upload(PieceSender sender, Order order) {
    this.server = sender.server();
    this.sender = sender;
    this.state = sender.state();
    this.order = order;
  }

  /** How much need not be sent any more. */
  long sent() {
    return pieces.stream().mapToLong(FilePiece::sent).sum();
  }

  /** Sends the file, and returns the image as it is then. */
  JsonObject run() throws IOException, InterruptedException {
    var place = place();
    if (!server.isActive(place.image())) {
      send(place);
    }
    state.forget();
    return server.image(place.image());
  }

  /** Where an earlier command has stopped, or a new image. */
  private UploadState.Place place() throws IOException, InterruptedException {
    var left = state.read();
    if (left.isPresent()) {
      var place = left.get();
      var status = server.status(place.image());
      boolean isUnderWay = !place.uploads().isEmpty();
      if (status.equals("active") || (status.equals("saving") && isUnderWay)) {
        return place;
      }
      if (status.equals("queued")) {
        return place.parts() > 1 && isUnderWay && areAllThere(place)
            ? place
            : UploadState.Place.ofNew(place.image(), parts());
      }
    }
    var place = UploadState.Place.ofNew(server.create(order.image).getString("id"), parts());
    state.write(place);
    return place;
  }

  private int parts() {
    return (int) Math.min(order.parts, order.size);
  }

  /** Whether none of the parts has ended; without one, the others are of no use. */
  private boolean areAllThere(UploadState.Place place) throws IOException, InterruptedException {
    for (var upload : place.uploads()) {
      if (sender.tus().offset(upload).isEmpty()) {
        sender.tus().end(place.uploads());
        return false;
      }
    }
    return true;
  }

  private void send(UploadState.Place place) throws IOException, InterruptedException {
    pieces = FilePiece.split(order.file, order.size, place.parts());
    if (place.parts() == 1) {
      sendAtOnce(place, pieces.getFirst());
      return;
    }
    var parted = new PartedUpload(sender, pieces);
    var begun = parted.begin(place);
    if (begun.isPresent()) {
      parted.run(begun.get());
    } else {
      order.told.accept("The service, or its store, joins no parts: all data goes in one stream.");
      send(UploadState.Place.ofNew(place.image(), 1));
    }
  }

  private void sendAtOnce(UploadState.Place place, FilePiece all)
      throws IOException, InterruptedException {
    var image = place.image();
    var upload = place.uploads().stream().findFirst();
    if (upload.isEmpty()) {
      upload = sender.tus().begin(image, order.size);
    }
    state.write(place.with(upload.stream().toList()));
    if (upload.isPresent()) {
      sender.send(image, upload.get(), all);
    } else {
      sendWhole(image, all);
    }
  }

  /** Sends all data in one request, and all of it again if that fails. */
  private void sendWhole(String image, FilePiece all) throws IOException, InterruptedException {
    var left = sender.patience().anew();
    while (!server.isActive(image)) {
      try {
        var request =
            server
                .request("/v2/images/" + image + "/file")
                .header("Content-Type", "application/octet-stream")
                .PUT(all.after(0));
        var answer = server.transfer(request, BodyHandlers.ofString(), all::sent);
        var failure = sender.failure(image, answer, 204);
        if (failure.isPresent()) {
          left.pause(failure.get());
        }
      } catch (IOException broken) {
        left.pause(broken);
      }
    }
  }
}
