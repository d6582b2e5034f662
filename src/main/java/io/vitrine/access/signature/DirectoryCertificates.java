package io.vitrine.access.signature;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.UUID;

/** Certificates in a directory's files {@code <id>.pem}, readable by every caller. */
public final class DirectoryCertificates implements Certificates {
  private final Vertx vertx;
  private final Path directory;

  /** Certificates in a directory, which need not exist. */
  public DirectoryCertificates(Vertx vertx, Path directory) {
    this.vertx = vertx;
    this.directory = directory;
  }

  @Override
  public Future<X509Certificate> get(UUID id, Optional<String> token) {
    var files = vertx.fileSystem();
    var file = directory.resolve(id + ".pem").toString();
    return files
        .props(file)
        .compose(
            found ->
                found.size() > MAX_BYTES
                    ? Future.failedFuture(X509.unusable(id))
                    : files.readFile(file))
        .map(bytes -> X509.parse(id, bytes))
        .recover(
            failure ->
                Future.failedFuture(
                    failure.getCause() instanceof NoSuchFileException
                        ? X509.notFound(id)
                        : failure));
  }
}
