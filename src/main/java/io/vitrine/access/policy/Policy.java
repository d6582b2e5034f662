package io.vitrine.access.policy;

import io.vitrine.image.Caller;

/** Decides by rules, as oslo.policy does. Decisions do not block and never fail. */
public interface Policy {
  /** Whether the rule of that name allows the caller; a rule that does not exist allows nobody. */
  boolean allows(Caller caller, String rule, Target target);

  /** Whether the rule allows the caller. */
  default boolean allows(Caller caller, Rule rule, Target target) {
    return allows(caller, rule.text(), target);
  }
}
