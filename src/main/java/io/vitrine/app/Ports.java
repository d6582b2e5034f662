package io.vitrine.app;

import io.vitrine.cli.command.CommandException;
import io.vitrine.settings.Role;
import io.vitrine.settings.VitrineConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The addresses to listen on, checked before anything is started. */
final class Ports {
  private final List<Address> addresses;

  /** An address and the section of the configuration that sets it. */
  private record Address(String section, String host, int port) {
    String key() {
      return section + ".port";
    }

    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  private Ports(List<Address> addresses) {
    this.addresses = List.copyOf(addresses);
  }

  static Ports of(VitrineConfig config) {
    var addresses = new ArrayList<Address>();
    if (config.roles().contains(Role.HTTP)) {
      addresses.add(new Address("http", config.http().host(), config.http().port()));
      if (!config.uwsgi().host().isEmpty()) {
        addresses.add(new Address("uwsgi", config.uwsgi().host(), config.uwsgi().port()));
      }
    }
    var management = config.management();
    addresses.add(new Address("management", management.host(), management.port()));
    return new Ports(addresses);
  }

  /**
   * Binds and releases all of them.
   *
   * @throws CommandException CommandException if one cannot be bound
   */
  void requireFree() throws IOException {
    var taken = new ArrayList<ServerSocket>();
    try {
      for (var address : addresses) {
        requireApart(address);
        taken.add(take(address));
      }
    } finally {
      for (var socket : taken) {
        socket.close();
      }
    }
  }

  /** Explains a failed start if another process has taken an address since the check. */
  Exception explain(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return explained(cause);
      }
    }
    return failure;
  }

  private Exception explained(Throwable cause) {
    try {
      requireFree();
    } catch (IOException | CommandException found) {
      return found;
    }
    return new CommandException(
        "Another process is using one of the addresses %s; start Vitrine again."
            .formatted(addresses),
        cause);
  }

  private void requireApart(Address address) {
    for (var other : addresses) {
      if (!other.equals(address)
          && other.port == address.port
          && other.host.equals(address.host)
          && address.port != 0) {
        throw new CommandException(
            "%s and %s are both %d on %s; give each a port of its own."
                .formatted(other.key(), address.key(), address.port, address.host));
      }
    }
  }

  private static ServerSocket take(Address address) throws IOException {
    var wanted = new InetSocketAddress(address.host, address.port);
    if (wanted.isUnresolved()) {
      throw new CommandException(
          "%s.host: \"%s\" is neither an address nor a name that this machine can resolve."
              .formatted(address.section, address.host));
    }
    var socket = new ServerSocket();
    try {
      socket.setReuseAddress(true); // as the listener does
      socket.bind(wanted);
      return socket;
    } catch (IOException refused) {
      socket.close();
      throw new CommandException(words(address, refused), refused);
    }
  }

  private static String words(Address address, IOException refused) {
    var reason = Objects.requireNonNullElse(refused.getMessage(), refused.toString());
    if (reason.contains("in use")) {
      return """
      %s: %s is in use by another process. Stop that one, or choose another port: serve --port N, \
      which moves the management port to N+1, or %s in a file or as %s. A second Vitrine on this \
      machine also needs a directory of its own: serve --port 9392 --data DIR."""
          .formatted(address.key(), address, address.key(), variable(address.key()));
    }
    if (reason.contains("assign")) {
      return "%s.host: %s is not an address of this machine; 0.0.0.0 means all of them."
          .formatted(address.section, address.host);
    }
    if (reason.contains("ermission")) {
      return "%s: this user may not listen on %s; choose a port above 1023."
          .formatted(address.key(), address);
    }
    return "%s: cannot listen on %s: %s".formatted(address.key(), address, reason);
  }

  private static String variable(String key) {
    return "VITRINE_" + key.toUpperCase(Locale.ROOT).replace(".", "__");
  }
}
