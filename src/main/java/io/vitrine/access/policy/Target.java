package io.vitrine.access.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The object of an action, as attributes that rules refer to; an attribute is looked up only if a
 * rule needs it.
 */
@FunctionalInterface
public interface Target {
  /** A target without attributes. */
  Target NOTHING = attribute -> null;

  /**
   * An attribute as text, null if there is none; flags are {@code True} and {@code False}, as in
   * rules.
   */
  @Nullable String get(String attribute);

  /** A target with these attributes. */
  static Target of(Map<String, String> attributes) {
    return attributes::get;
  }
}
