package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a command that was stopped leaves to the next one: which image and which upload a file goes
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
   * @param upload empty if the service does not offer uploads in several requests, or not yet known
   */
  record Place(String image, Optional<String> upload) {}

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
      return Optional.of(
          new Place(json.getString("image"), Optional.ofNullable(json.getString("upload"))));
    } catch (NoSuchFileException nothing) {
      return Optional.empty();
    }
  }

  void write(Place place) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    var json =
        new JsonObject().put("image", place.image()).put("upload", place.upload().orElse(null));
    var temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(temporary, json.encode());
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  void forget() throws IOException {
    Files.deleteIfExists(file);
  }
}
