package io.vitrine.notification;

import java.util.Collection;
import java.util.Set;

/**
 * The sinks that receive notifications, and the types that none of them receives.
 *
 * @param sinks the names of the sinks
 * @param disabled types, or prefixes of types that end before a dot
 */
public record Subscription(Set<String> sinks, Set<String> disabled) {
  /** Without sinks. */
  public static final Subscription NONE = new Subscription(Set.of(), Set.of());

  /** Copies both sets. */
  public Subscription {
    sinks = Set.copyOf(sinks);
    disabled = Set.copyOf(disabled);
  }

  /** As above, of lists. */
  public static Subscription of(Collection<String> sinks, Collection<String> disabled) {
    return new Subscription(Set.copyOf(sinks), Set.copyOf(disabled));
  }

  /** Whether any sink receives notifications of the type. */
  public boolean wants(String type) {
    return !sinks.isEmpty()
        && disabled.stream().noneMatch(name -> type.equals(name) || type.startsWith(name + "."));
  }
}
