package io.vitrine.net.listener;

import io.vitrine.net.proxy.TrustedProxies;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the API's listener.
 *
 * @param port 0 for a free one
 * @param idleTimeout after which a connection without traffic is closed
 * @param headerTimeout for receiving a complete request head
 * @param maxHeaderBytes limit on the request line, and on all headers together
 * @param maxConnections further ones are closed; 0 for no limit
 * @param proxyProtocolFrom the only addresses that may connect, each connection starting with a
 *     PROXY protocol header; absent: anyone may connect, without that header
 * @param tls the certificate; absent: no TLS
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

  /** The port in Vert.x's terms: a negative one is a free port shared by all instances. */
  int sharedPort() {
    return port == 0 ? -1 : port;
  }
}
