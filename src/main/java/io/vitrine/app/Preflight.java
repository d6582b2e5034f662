package io.vitrine.app;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.cli.command.CommandException;
import io.vitrine.config.FileFault;
import io.vitrine.net.uwsgi.UnixSocket;
import io.vitrine.settings.Role;
import io.vitrine.settings.VitrineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** Checks what can be wrong before the database starts; every fault names the key to change. */
final class Preflight {
  private final VitrineConfig config;

  private Preflight(VitrineConfig config) {
    this.config = config;
  }

  /**
   * Runs all checks. Blocks.
   *
   * @throws CommandException at the first fault
   */
  static void require(VitrineConfig config) throws Exception {
    var preflight = new Preflight(config);
    Ports.of(config).requireFree();
    if (config.roles().contains(Role.HTTP)) {
      preflight.requireCertificate();
      preflight.requireSocket();
    }
    if (config.roles().contains(Role.IMPORT)) {
      preflight.requirePlugins();
    }
    if (config.database().isEmbedded()) {
      requireDataDirectory(config.data().dir());
    }
  }

  private void requireCertificate() throws Exception {
    var tls = config.http().tls().files();
    if (tls.isEmpty()) {
      return;
    }
    var vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setInternalBlockingPoolSize(1));
    try {
      tls.get().require(vertx);
    } catch (IOException | GeneralSecurityException unusable) {
      throw new CommandException(
          "http.tls: %s cannot be used: %s".formatted(tls.get(), unusable.getMessage()), unusable);
    } finally {
      Lifecycle.await(vertx.close());
    }
  }

  private void requireSocket() {
    var socket = config.uwsgi().socket();
    if (socket.isEmpty()) {
      return;
    }
    var directory = socket.get().getParent();
    if (directory == null || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
      throw new CommandException(
          "uwsgi.socket: %s is not a directory that this user can write to.".formatted(directory));
    }
    try {
      UnixSocket.clear(socket.get());
    } catch (IOException taken) {
      throw new CommandException("uwsgi.socket: " + FileFault.words(taken), taken);
    }
  }

  private void requirePlugins() {
    config.importing().plugins().all().values().stream()
        .flatMap(plugin -> plugin.fault().stream())
        .findFirst()
        .ifPresent(
            fault -> {
              throw new CommandException(fault);
            });
  }

  private static void requireDataDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, "probe", ""));
    } catch (IOException refused) {
      var reason = FileFault.words(refused);
      throw new CommandException(
          FileFault.isDiskFull(reason)
              ? "data.dir: the disk of %s is full; free some space, or choose another directory with"
                      .formatted(directory)
                  + " serve --data DIR."
              : "data.dir: cannot write to %s (%s); choose another directory with serve --data DIR,"
                      .formatted(directory, reason)
                  + " data.dir or VITRINE_DATA__DIR.",
          refused);
    }
  }
}
