package io.vitrine.net.address;

import java.util.List;

/**
 * Networks that the operator treats otherwise than the rest.
 *
 * @param allowed may be reached although private, local or loopback; wins over the other list
 * @param disallowed may not be reached although public
 */
public record NetworkLists(List<Network> allowed, List<Network> disallowed) {
  /** Nothing is treated otherwise. */
  public static final NetworkLists NONE = new NetworkLists(List.of(), List.of());

  /** Copies the lists. */
  public NetworkLists {
    allowed = List.copyOf(allowed);
    disallowed = List.copyOf(disallowed);
  }

  /** Networks that may be reached although they are not public. */
  public static NetworkLists allowing(Network... allowed) {
    return new NetworkLists(List.of(allowed), List.of());
  }
}
