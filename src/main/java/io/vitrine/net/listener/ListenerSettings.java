package io.vitrine.net.listener;

import io.vitrine.net.proxy.TrustedProxies;
import java.time.Duration;
import java.util.Optional;

/**
 * How the API listens.
 *
 * @param port 0 takes a free one
 * @param idleTimeout after which a connection without traffic is closed
 * @param headerTimeout within which a request's head must be complete
 * @param maxHeaderBytes the longest request line, and the most that headers may take together
 * @param maxConnections further ones are closed; 0: any number
 * @param proxyProtocolFrom the only ones that may connect, each connection beginning with the PROXY
 *     protocol's header; none: anybody may, without it
 * @param tls the certificate; none: connections are not encrypted
 */
public record ListenerSettings(
    String host,
    int port,
    Duration idleTimeout,
    Duration headerTimeout,
    int maxHeaderBytes,
    int maxConnections,
    Optional<TrustedProxies> proxyProtocolFrom,
    Optional<TlsFiles> tls) {

  /** The port for Vert.x: below zero is a free one that all instances share. */
  int sharedPort() {
    return port == 0 ? -1 : port;
  }
}
