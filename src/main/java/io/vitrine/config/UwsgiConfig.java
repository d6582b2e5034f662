package io.vitrine.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where web servers in front reach the API by the uwsgi protocol. Port 0 takes a free one; without
 * a host and a socket nobody does.
 */
public record UwsgiConfig(String host, int port, Optional<Path> socket, ByteSize maxHeaderSize) {

  static UwsgiConfig from(Section section) {
    return new UwsgiConfig(
        section.text("host"),
        section.integer("port", 0, 65535),
        section.optionalPath("socket"),
        section.size("max_header_size", "1KiB", "65535"));
  }
}
