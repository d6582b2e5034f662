package io.vitrine.app;

import io.vertx.core.net.SocketAddress;
import io.vitrine.api.HttpConfig;
import io.vitrine.api.filter.ApiSettings;
import io.vitrine.api.filter.HealthFiles;
import io.vitrine.api.filter.UploadTurns;
import io.vitrine.api.filter.WebSites;
import io.vitrine.api.request.AnswerRoom;
import io.vitrine.net.listener.ListenerSettings;
import io.vitrine.net.listener.TlsFiles;
import io.vitrine.net.proxy.Fronts;
import io.vitrine.net.proxy.TrustedProxies;
import io.vitrine.net.uwsgi.UwsgiConfig;
import io.vitrine.net.uwsgi.UwsgiListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Collectors;

/** Creates the settings of the API's listener and the limits of its requests. */
final class ListenerWiring {
  /** The id of the random port that all instances share; that of HTTP is 1. */
  private static final int UWSGI_PORT_ID = 2;

  private final HttpConfig http;
  private final UwsgiConfig uwsgi;
  private final TrustedProxies trusted;

  ListenerWiring(HttpConfig http, UwsgiConfig uwsgi) {
    this.http = http;
    this.uwsgi = uwsgi;
    this.trusted = TrustedProxies.parse(http.front().trustedProxies());
  }

  ListenerSettings settings() {
    var limits = http.limits();
    return new ListenerSettings(
        http.host(),
        http.port(),
        limits.idleTimeout(),
        limits.headerTimeout(),
        Math.toIntExact(limits.maxHeaderSize().bytes()),
        limits.maxConnections(),
        http.front().proxyProtocol() ? Optional.of(trusted) : Optional.empty(),
        tls());
  }

  /** The certificate and key; empty if the listener does not use TLS. */
  Optional<TlsFiles> tls() {
    var tls = http.tls();
    return tls.certificate()
        .flatMap(
            certificate ->
                tls.key()
                    .map(
                        key ->
                            new TlsFiles(certificate, key, tls.clientCa(), tls.reloadInterval())));
  }

  UwsgiListener.Settings uwsgi() {
    var addresses = new ArrayList<SocketAddress>();
    if (!uwsgi.host().isEmpty()) {
      addresses.add(
          uwsgi.port() == 0
              ? SocketAddress.sharedRandomPort(UWSGI_PORT_ID, uwsgi.host())
              : SocketAddress.inetSocketAddress(uwsgi.port(), uwsgi.host()));
    }
    uwsgi
        .socket()
        .ifPresent(path -> addresses.add(SocketAddress.domainSocketAddress(path.toString())));
    return new UwsgiListener.Settings(addresses, Math.toIntExact(uwsgi.maxHeaderSize().bytes()));
  }

  ApiSettings apiSettings() {
    var limits = http.limits();
    var front = http.front();
    return new ApiSettings(
        limits.maxJsonBody().bytes(),
        limits.idleTimeout(),
        limits.maxRequestIdLength(),
        limits.maxAnswerMemory().bytes() == 0
            ? AnswerRoom.ofHeap()
            : new AnswerRoom(limits.maxAnswerMemory().bytes()),
        new UploadTurns(limits.maxUploadsPerClient()),
        new WebSites(http.cors().allowedOrigins(), http.cors().allowCredentials()),
        healthFiles(),
        new Fronts(trusted, front.publicEndpoint(), front.pathPrefix()));
  }

  private HealthFiles healthFiles() {
    var files = http.healthcheck();
    return new HealthFiles(
        files.disableByFilePath().map(Path::toString),
        files.disableByFilePaths().stream()
            .map(text -> text.split(":", 2))
            .collect(
                Collectors.toMap(
                    parts -> Integer.valueOf(parts[0]), parts -> parts[1], (first, last) -> last)),
        files.enableByFilePaths(),
        files.detailed());
  }
}
