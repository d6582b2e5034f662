package io.vitrine.access.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller acts on, by attributes that rules name; each is looked up only if a rule does. */
@FunctionalInterface
public interface Target {
  /** Something without attributes. */
  Target NOTHING = attribute -> null;

  /**
   * The text of an attribute, null if there is none; flags are {@code True} and {@code False}, as
   * rules write them.
   */
  @Nullable String get(String attribute);

  /** A target with these attributes. */
  static Target of(Map<String, String> attributes) {
    return attributes::get;
  }
}
