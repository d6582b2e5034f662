package io.vitrine.net.proxy;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The headers X-Forwarded-For, -Proto, -Host, -Port and -Prefix, which no standard defines. A proxy
 * appends to the list or replaces it by one value, so values are matched from the end.
 */
final class ForwardedFields {
  private static final String PREFIX = "X-Forwarded-";

  private ForwardedFields() {}

  /** The hops, nearest first; empty without such headers. */
  static List<ForwardedHop> read(MultiMap headers) {
    var clients = values(headers, "For");
    var schemes = values(headers, "Proto");
    var hosts = values(headers, "Host");
    var ports = values(headers, "Port");
    var prefixes = values(headers, "Prefix");
    int length =
        Stream.of(clients, schemes, hosts, ports, prefixes).mapToInt(List::size).max().orElse(0);
    var hops = new ArrayList<ForwardedHop>(length);
    for (int i = 0; i < length; i++) {
      hops.add(
          new ForwardedHop(
              at(clients, i), at(schemes, i), at(hosts, i), at(ports, i), at(prefixes, i)));
    }
    return hops;
  }

  private static List<String> values(MultiMap headers, String name) {
    return headers.getAll(PREFIX + name).stream()
        .flatMap(value -> Stream.of(value.split(",", -1)))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList()
        .reversed();
  }

  private static Optional<String> at(List<String> values, int index) {
    return index < values.size() ? Optional.of(values.get(index)) : Optional.empty();
  }
}
