package io.vitrine.access.policy;

import io.vitrine.image.Caller;

/** Decides by rules, as oslo.policy does. Decisions take no time and never fail. */
public interface Policy {
  /**
   * Whether a rule of that name lets the caller through; there being no such rule, nobody gets
   * through.
   */
  boolean allows(Caller caller, String rule, Target target);

  /** Whether a rule of the API lets the caller through. */
  default boolean allows(Caller caller, Rule rule, Target target) {
    return allows(caller, rule.text(), target);
  }
}
