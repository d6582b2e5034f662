package io.vitrine.policy;

import io.vitrine.image.Caller;
import java.util.Map;

/** Decides by rules, as oslo.policy does. Decisions take no time and never fail. */
public interface Policy {
  /**
   * Whether a rule lets the caller through.
   *
   * @param target the attributes of what the caller acts on, such as {@code owner} and {@code
   *     visibility}; empty if there is nothing yet
   */
  boolean allows(Caller caller, Rule rule, Map<String, String> target);
}
