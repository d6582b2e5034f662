package io.vitrine.net.listener;

import io.vitrine.net.proxy.FrontConfig;

/** The configuration of the API's listener: what it uses of the section {@code http}. */
public interface ListenerConfig {
  /** The address to listen on. */
  String host();

  /** The port to listen on; 0 for a free one. */
  int port();

  /** Limits on clients. */
  LimitsConfig limits();

  /** What is in front of the listener. */
  FrontConfig front();

  /** The certificate and its key. */
  TlsConfig tls();

  /** The port in Vert.x's terms: a negative one is a free port shared by all instances. */
  default int sharedPort() {
    return port() == 0 ? -1 : port();
  }
}
