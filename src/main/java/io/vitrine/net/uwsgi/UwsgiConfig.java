package io.vitrine.net.uwsgi;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Section;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The listener for web servers that speak the uwsgi protocol. Port 0 selects a free one; without a
 * host and a socket the listener is off.
 */
public record UwsgiConfig(String host, int port, Optional<Path> socket, ByteSize maxHeaderSize) {

  /** Reads the section. */
  public static UwsgiConfig from(Section section) {
    return new UwsgiConfig(
        section.text("host"),
        section.integer("port", 0, 65535),
        section.optionalPath("socket"),
        section.size("max_header_size", "1KiB", "65535"));
  }
}
