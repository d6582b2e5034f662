package io.vitrine.net.listener;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener's certificate and key, reloaded when their files change. New connections get the new
 * certificate, unless it is invalid; existing ones continue.
 */
public final class TlsFiles {
  private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);

  private final Path certificate;
  private final Path key;
  private final Optional<Path> clientCa;
  private final Duration interval;
  private final AtomicBoolean isWatched = new AtomicBoolean();
  private volatile @Nullable Content seen;

  private record Content(Buffer certificate, Buffer key, Optional<Buffer> clientCa) {}

  /**
   * Reads nothing yet. The files are in PEM.
   *
   * @param clientCa authorities, one of which must have signed a client's certificate; absent:
   *     clients need no certificate
   * @param interval between checks of the files
   */
  public TlsFiles(Path certificate, Path key, Optional<Path> clientCa, Duration interval) {
    this.certificate = certificate;
    this.key = key;
    this.clientCa = clientCa;
    this.interval = interval;
  }

  /** Fails unless the files are usable. Blocks. */
  public void require(Vertx vertx) throws IOException, GeneralSecurityException {
    var options = checked(vertx, read());
    if (options.getTrustOptions() != null) {
      requireAuthorities(vertx, options.getTrustOptions());
    }
  }

  private static void requireAuthorities(Vertx vertx, TrustOptions authorities)
      throws KeyException {
    try {
      authorities.getTrustManagerFactory(vertx);
    } catch (Exception malformed) {
      throw new KeyException("the client_ca cannot be read: " + malformed.getMessage(), malformed);
    }
  }

  @Override
  public String toString() {
    return "certificate %s and key %s".formatted(certificate, key);
  }

  /** Loads and checks the files; fails if they are unusable. */
  Future<ServerSSLOptions> load(Vertx vertx) {
    return vertx
        .executeBlocking(
            () -> {
              var content = read();
              seen = content;
              return checked(vertx, content);
            })
        .map(Objects::requireNonNull);
  }

  /** Keeps a server's certificate up to date; all instances share it, so one call suffices. */
  void watch(Vertx vertx, HttpServer server) {
    if (isWatched.compareAndSet(false, true)) {
      vertx.setPeriodic(interval.toMillis(), tick -> refresh(vertx, server));
    }
  }

  private void refresh(Vertx vertx, HttpServer server) {
    vertx
        .executeBlocking(() -> changed(vertx))
        .map(Objects::requireNonNull)
        .compose(
            changed ->
                changed.isEmpty()
                    ? Future.succeededFuture(false)
                    : server.updateSSLOptions(changed.get()))
        .onSuccess(
            isUpdated -> {
              if (isUpdated) {
                log.atInfo()
                    .addKeyValue("file", certificate)
                    .log("New connections use the new certificate");
              }
            })
        .onFailure(
            broken ->
                log.atError()
                    .addKeyValue("file", certificate)
                    .addKeyValue("error", broken.getMessage())
                    .log("The new certificate or its key is invalid; the old one stays in use"));
  }

  /**
   * Empty if the files have not changed since they were last read, even if they were invalid then.
   */
  private Optional<ServerSSLOptions> changed(Vertx vertx)
      throws IOException, GeneralSecurityException {
    var content = read();
    if (content.equals(seen)) {
      return Optional.empty();
    }
    seen = content;
    return Optional.of(checked(vertx, content));
  }

  private Content read() throws IOException {
    return new Content(
        Buffer.buffer(Files.readAllBytes(certificate)),
        Buffer.buffer(Files.readAllBytes(key)),
        clientCa.isEmpty()
            ? Optional.empty()
            : Optional.of(Buffer.buffer(Files.readAllBytes(clientCa.get()))));
  }

  private static ServerSSLOptions checked(Vertx vertx, Content content)
      throws GeneralSecurityException {
    var pair =
        new PemKeyCertOptions().addCertValue(content.certificate()).addKeyValue(content.key());
    KeyPairCheck.require(vertx, pair);
    var options = new ServerSSLOptions().setUseAlpn(true).setKeyCertOptions(pair);
    content
        .clientCa()
        .ifPresent(
            authorities ->
                options
                    .setTrustOptions(new PemTrustOptions().addCertValue(authorities))
                    .setClientAuth(ClientAuth.REQUIRED));
    return options;
  }
}
