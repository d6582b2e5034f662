package io.vitrine.net.listener;

import io.vitrine.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** TLS of the API: a certificate with its key, or neither. Changed files are reloaded. */
public record TlsConfig(
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<Path> clientCa,
    Duration reloadInterval) {

  /** Reads the section. */
  public static TlsConfig from(Section section) {
    var config =
        new TlsConfig(
            section.file("certificate"),
            section.file("key"),
            section.file("client_ca"),
            section.duration("reload_interval", "100ms", "1d"));
    section.require(
        config.certificate.isPresent() == config.key.isPresent(),
        "key",
        "certificate and key must be given together");
    section.require(
        config.clientCa.isEmpty() || config.certificate.isPresent(),
        "client_ca",
        "needs certificate and key");
    return config;
  }

  /** The files; empty if the listener does not use TLS. */
  public Optional<TlsFiles> files() {
    return certificate.flatMap(
        file -> key.map(secret -> new TlsFiles(file, secret, clientCa, reloadInterval)));
  }
}
