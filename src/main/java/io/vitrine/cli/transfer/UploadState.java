package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a command that was stopped leaves to the next one: which image and which uploads a file goes
 * to. A small file below {@code $XDG_STATE_HOME}, without secrets.
 */
final class UploadState {
  private final Path file;

  private UploadState(Path file) {
    this.file = file;
  }

  /**
   * Where a file has got to.
   *
   * @param parts in how many parts it is sent
   * @param uploads the ids of those that have begun, in order; none if the service does not offer
   *     uploads in several requests
   */
  record Place(String image, int parts, List<String> uploads) {
    /** Copies the list. */
    Place {
      uploads = List.copyOf(uploads);
    }

    /** An image that nothing has been sent to yet. */
    static Place ofNew(String image, int parts) {
      return new Place(image, parts, List.of());
    }

    /** The same with these uploads. */
    Place with(List<String> begun) {
      return new Place(image, parts, begun);
    }
  }

  /** The state of sending a file, as it is now, to a service under a name. */
  static UploadState of(Map<String, String> environment, Path source, String endpoint, String name)
      throws IOException {
    var key =
        String.join(
            "\n",
            source.toRealPath().toString(),
            String.valueOf(Files.size(source)),
            Files.getLastModifiedTime(source).toString(),
            endpoint,
            name);
    var id = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
    var home = Path.of(environment.getOrDefault("HOME", "."), ".local", "state");
    var directory =
        Optional.ofNullable(environment.get("XDG_STATE_HOME")).map(Path::of).orElse(home);
    return new UploadState(directory.resolve("vitrine/uploads").resolve(id + ".json"));
  }

  /** What was left, if anything. */
  Optional<Place> read() throws IOException {
    try {
      var json = new JsonObject(Files.readString(file));
      var uploads =
          json.getJsonArray("uploads", new JsonArray()).stream().map(String::valueOf).toList();
      return Optional.of(new Place(json.getString("image"), json.getInteger("parts", 1), uploads));
    } catch (NoSuchFileException nothing) {
      return Optional.empty();
    }
  }

  void write(Place place) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    var json =
        new JsonObject()
            .put("image", place.image())
            .put("parts", place.parts())
            .put("uploads", new JsonArray(place.uploads()));
    var temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(temporary, json.encode());
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  void forget() throws IOException {
    Files.deleteIfExists(file);
  }
}
