package io.vitrine.net.address;

import java.util.List;

/**
 * The operator's exceptions to the rules of addresses.
 *
 * @param allowed may be reached although private, local or loopback; takes precedence
 * @param disallowed may not be reached although public
 */
public record NetworkLists(List<Network> allowed, List<Network> disallowed) {
  /** No exceptions. */
  public static final NetworkLists NONE = new NetworkLists(List.of(), List.of());

  /** Copies the lists. */
  public NetworkLists {
    allowed = List.copyOf(allowed);
    disallowed = List.copyOf(disallowed);
  }

  /** Permits these networks although they are not public. */
  public static NetworkLists allowing(Network... allowed) {
    return new NetworkLists(List.of(allowed), List.of());
  }
}
