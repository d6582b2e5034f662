package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonObject;
import io.vitrine.cli.command.CommandException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Transfers between files and an image service. */
public final class Transfers implements AutoCloseable {
  private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(20);

  /** How long a connection may be silent, while the service reads all data again at the longest. */
  private static final Duration SILENCE = Duration.ofMinutes(10);

  private final Map<String, String> environment;
  private final TransferProgress progress;
  private final Patience patience;
  private final HttpClient client;
  private final ImageServer server;

  /**
   * Which service to use.
   *
   * @param url where it is; empty: where Keystone says
   * @param cloud the name in clouds.yaml
   * @param patience for how long to try again without success
   */
  public record Target(Optional<String> url, Optional<String> cloud, Duration patience) {}

  /** Transfers with the credentials of an environment. */
  public Transfers(Map<String, String> environment, Target target, TransferProgress progress)
      throws IOException {
    this.environment = environment;
    this.progress = progress;
    var settings = CloudSettings.read(environment, target.cloud);
    patience = new Patience(target.patience, SILENCE);
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_DEADLINE);
    if (settings.get("cacert").isPresent()) {
      builder.sslContext(Trust.of(Path.of(settings.require("cacert"))));
    }
    client = builder.build();
    server = new ImageServer(client, new Session(client, settings, target.url), patience);
  }

  /**
   * Sends a file, and goes on if an earlier call has been stopped.
   *
   * @param attributes those of the image if it has to be created
   * @param parts how many parts of the file are sent at once, if the service can join them
   * @return the id of the image
   */
  public String upload(Path file, JsonObject attributes, int parts)
      throws IOException, InterruptedException {
    long size = Files.size(file);
    if (size == 0) {
      throw new CommandException("%s is empty.".formatted(file));
    }
    server.begin();
    var state =
        UploadState.of(environment, file, server.endpoint(), attributes.getString("name", ""));
    var order = new Upload.Order(file, size, attributes, parts, progress::say);
    var upload = new Upload(new PieceSender(server, patience, state), order);
    try (var _ = progress.show(size, upload::sent)) {
      var image = upload.run();
      FileDigest.requireSame(file, image);
      return image.getString("id");
    }
  }

  /**
   * Fetches an image to a file, and goes on if an earlier call has been stopped.
   *
   * @param name an id or a name
   * @param isReplacing whether the file may exist
   */
  public void download(String name, Path file, boolean isReplacing)
      throws IOException, InterruptedException {
    if (Files.exists(file) && !(isReplacing && Files.isRegularFile(file))) {
      throw new FileAlreadyExistsException(
          file.toString(), null, "exists" + (isReplacing ? "" : "; --force replaces it"));
    }
    server.begin();
    var download = new Download(server, patience, Download.find(server, name), file);
    try (var _ = progress.show(download.size(), download::arrived)) {
      move(download.run(), file);
    }
  }

  private static void move(Path part, Path file) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException otherwise) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
