package io.vitrine.benchmark;

import java.io.IOException;

/** A server on this machine that is measured. */
interface WebServer {
  int port();

  ProcessHandle handle();

  /** What requests show as X-Auth-Token; empty for nothing. */
  default String token() {
    return "";
  }

  default String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(port(), path);
  }

  /** The processor time of the server with its workers so far, in seconds. */
  default double cpuSeconds() throws IOException {
    return Tools.cpuSeconds(handle());
  }
}
