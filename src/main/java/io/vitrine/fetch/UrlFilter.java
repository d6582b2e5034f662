package io.vitrine.fetch;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The URLs that users may name. As in Glance, an allowed list overrides the disallowed one; if both
 * are empty, everything is allowed.
 *
 * @param schemes http, https or both
 * @param hosts names and addresses, compared without case
 * @param ports TCP ports, where 0 matches any; a URL without a port has its scheme's default port
 */
public record UrlFilter(Lists<String> schemes, Lists<String> hosts, Lists<Integer> ports) {
  private static final int ANY_PORT = 0;
  private static final List<String> KNOWN_SCHEMES = List.of("http", "https");

  /** What is allowed; if that is empty, what is disallowed. */
  public record Lists<T>(Set<T> allowed, Set<T> disallowed) {
    /** Copies the sets. */
    public Lists {
      allowed = Set.copyOf(allowed);
      disallowed = Set.copyOf(disallowed);
    }

    /** The lists without duplicates. */
    public static <T> Lists<T> of(Collection<T> allowed, Collection<T> disallowed) {
      return new Lists<>(Set.copyOf(allowed), Set.copyOf(disallowed));
    }

    boolean permits(T value) {
      return allowed.isEmpty() ? !disallowed.contains(value) : allowed.contains(value);
    }
  }

  /** Refuses allowed ports out of range, and allowed schemes other than http and https. */
  public UrlFilter {
    schemes = lowerCase(schemes);
    hosts = lowerCase(hosts);
    if (!KNOWN_SCHEMES.containsAll(schemes.allowed())) {
      throw new IllegalArgumentException("allowed schemes: only http and https");
    }
    if (ports.allowed().stream().anyMatch(port -> port < 0 || port > 65535)) {
      throw new IllegalArgumentException("allowed ports: from 0 to 65535");
    }
  }

  /** Web schemes and ports, and all hosts. */
  public static UrlFilter defaults() {
    return new UrlFilter(
        Lists.of(KNOWN_SCHEMES, List.of()),
        Lists.of(List.of(), List.of()),
        Lists.of(List.of(80, 443), List.of()));
  }

  /** The permitted schemes, in lower case. */
  List<String> permittedSchemes() {
    return KNOWN_SCHEMES.stream().filter(schemes::permits).toList();
  }

  boolean permitsHost(String host) {
    return hosts.permits(host);
  }

  boolean permitsPort(int port) {
    return ports.permits(port) || ports.allowed().contains(ANY_PORT);
  }

  private static Lists<String> lowerCase(Lists<String> lists) {
    return Lists.of(lowerCase(lists.allowed()), lowerCase(lists.disallowed()));
  }

  private static Set<String> lowerCase(Set<String> texts) {
    return Set.copyOf(texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList());
  }
}
