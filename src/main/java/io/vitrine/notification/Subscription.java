package io.vitrine.notification;

import java.util.Collection;
import java.util.Set;

/**
 * Who is to get notifications, and which they do not get.
 *
 * @param sinks the names of those who get them
 * @param disabled types, or what types begin with up to a dot
 */
public record Subscription(Set<String> sinks, Set<String> disabled) {
  /** Nobody gets any. */
  public static final Subscription NONE = new Subscription(Set.of(), Set.of());

  /** Copies both. */
  public Subscription {
    sinks = Set.copyOf(sinks);
    disabled = Set.copyOf(disabled);
  }

  /** As above, of lists. */
  public static Subscription of(Collection<String> sinks, Collection<String> disabled) {
    return new Subscription(Set.copyOf(sinks), Set.copyOf(disabled));
  }

  /** Whether somebody gets notifications of a type. */
  public boolean wants(String type) {
    return !sinks.isEmpty()
        && disabled.stream().noneMatch(name -> type.equals(name) || type.startsWith(name + "."));
  }
}
