package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.cli.command.CommandException;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;

/** Fetches the data of an image into a file beside the wanted one, and goes on where that ends. */
final class Download {
  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final ImageServer server;
  private final Patience patience;
  private final JsonObject image;
  private final Path part;

  /** The download of an image to a file that appears when it is complete. */
  Download(ImageServer server, Patience patience, JsonObject image, Path file) {
    this.server = server;
    this.patience = patience;
    this.image = image;
    this.part = file.resolveSibling("%s.%s.part".formatted(file.getFileName(), id()));
  }

  /** The only active image of a name, or that with an id. */
  static JsonObject find(ImageServer server, String name) throws IOException, InterruptedException {
    if (ID.matcher(name).matches()) {
      return server.image(name);
    }
    var query = URLEncoder.encode(name, StandardCharsets.UTF_8);
    var answer =
        server.call("/v2/images?status=active&limit=2&name=" + query, request -> request.GET());
    var found =
        new JsonObject(ImageServer.require(answer, 200, "Images cannot be listed").body())
            .getJsonArray("images", new JsonArray());
    if (found.size() != 1) {
      throw new CommandException(
          "%s active image has the name %s%s"
              .formatted(
                  found.isEmpty() ? "No" : "More than one",
                  name,
                  found.isEmpty() ? "." : "; give its id."));
    }
    return found.getJsonObject(0);
  }

  private String id() {
    return image.getString("id");
  }

  /** How much there is. */
  long size() {
    return Optional.ofNullable(image.getLong("size"))
        .orElseThrow(() -> new CommandException("The image %s has no data.".formatted(id())));
  }

  /** How much has arrived. */
  long arrived() {
    try {
      return Files.size(part);
    } catch (IOException nothing) {
      return 0;
    }
  }

  /** Fetches what is missing, and returns the file with all of it, whose digest is right. */
  Path run() throws IOException, InterruptedException {
    patience.renew();
    while (arrived() < size() || !Files.exists(part)) {
      long before = arrived();
      var failure = attempt(before);
      if (arrived() > before) {
        patience.renew();
      }
      if (failure.isPresent()) {
        patience.pause(failure.get());
      }
    }
    try {
      FileDigest.requireSame(part, image);
    } catch (CommandException wrong) {
      Files.delete(part);
      throw wrong;
    }
    return part;
  }

  private Optional<IOException> attempt(long from) throws InterruptedException {
    try {
      return fetch(from);
    } catch (IOException broken) {
      return Optional.of(broken);
    }
  }

  /** Why to try again; empty if all has arrived. */
  private Optional<IOException> fetch(long from) throws IOException, InterruptedException {
    var request = server.request("/v2/images/" + id() + "/file").GET();
    if (from > 0) {
      request.header("Range", "bytes=%d-".formatted(from));
    }
    var answer = server.transfer(request, handler(from), this::arrived);
    int status = answer.statusCode();
    if (status == 401) {
      server.renew();
    } else if (status == 416) {
      Files.deleteIfExists(part);
    } else if (status != 200 && status != 206 && !ImageServer.isPassing(status)) {
      throw new CommandException(
          "The image %s cannot be downloaded: the service answers %d.".formatted(id(), status));
    }
    return arrived() >= size()
        ? Optional.empty()
        : Optional.of(new IOException("the data ended early, with the status " + status));
  }

  private BodyHandler<Path> handler(long from) {
    return head -> {
      if (head.statusCode() == 206 && isFrom(head, from)) {
        return BodySubscribers.ofFile(part, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      }
      return head.statusCode() == 200
          ? BodySubscribers.ofFile(
              part,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING)
          : BodySubscribers.replacing(part);
    };
  }

  private static boolean isFrom(HttpResponse.ResponseInfo head, long from) {
    return head.headers()
        .firstValue("Content-Range")
        .filter(range -> range.startsWith("bytes %d-".formatted(from)))
        .isPresent();
  }
}
