package io.vitrine.access.policy;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A compiled rule: a tree of checks of a caller and a target. Prints in the rule language. */
sealed interface Check {
  boolean allows(CallerAttributes caller, Target target);

  /** {@code @}. */
  record Always() implements Check {
    @Override
    public boolean allows(CallerAttributes caller, Target target) {
      return true;
    }

    @Override
    public String toString() {
      return "@";
    }
  }

  /** {@code !}. */
  record Never() implements Check {
    @Override
    public boolean allows(CallerAttributes caller, Target target) {
      return false;
    }

    @Override
    public String toString() {
      return "!";
    }
  }

  /** Negates a check. */
  record Not(Check check) implements Check {
    @Override
    public boolean allows(CallerAttributes caller, Target target) {
      return !check.allows(caller, target);
    }

    @Override
    public String toString() {
      return "not " + check;
    }
  }

  /** Passes if all checks pass. */
  record All(List<Check> checks) implements Check {
    public All {
      checks = List.copyOf(checks);
    }

    @Override
    public boolean allows(CallerAttributes caller, Target target) {
      for (var check : checks) {
        if (!check.allows(caller, target)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      return joined(checks, " and ");
    }
  }

  /** Passes if any check passes. */
  record Any(List<Check> checks) implements Check {
    public Any {
      checks = List.copyOf(checks);
    }

    @Override
    public boolean allows(CallerAttributes caller, Target target) {
      for (var check : checks) {
        if (check.allows(caller, target)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String toString() {
      return joined(checks, " or ");
    }
  }

  /** A reference to another rule by name; linking replaces it by a {@link Named} one. */
  record Reference(String rule) implements Check {
    @Override
    public boolean allows(CallerAttributes caller, Target target) {
      throw new IllegalStateException("rule:" + rule + " is not linked");
    }

    @Override
    public String toString() {
      return "rule:" + rule;
    }
  }

  /** A linked reference: the other rule's name and its check. */
  record Named(String rule, Check check) implements Check {
    @Override
    public boolean allows(CallerAttributes caller, Target target) {
      return check.allows(caller, target);
    }

    @Override
    public String toString() {
      return "rule:" + rule;
    }
  }

  /** The caller has the role. */
  record HasRole(Template role) implements Check {
    @Override
    public boolean allows(CallerAttributes caller, Target target) {
      var wanted = role.fill(target);
      return wanted != null && caller.hasRole(wanted);
    }

    @Override
    public String toString() {
      return "role:" + role;
    }
  }

  /** The caller's credential has the value, or is a list that contains it. */
  record HasCredential(List<String> path, Template value) implements Check {
    public HasCredential {
      path = List.copyOf(path);
    }

    @Override
    public boolean allows(CallerAttributes caller, Target target) {
      var wanted = value.fill(target);
      return wanted != null && caller.has(path, wanted);
    }

    @Override
    public String toString() {
      return String.join(".", path) + ":" + value;
    }
  }

  /**
   * The target's attribute has the value.
   *
   * @param source the value as written
   * @param literal the value, null for {@code None}
   */
  record HasValue(String source, @Nullable String literal, Template value) implements Check {
    @Override
    public boolean allows(CallerAttributes caller, Target target) {
      var found = value.fill(target);
      return found == null ? literal == null : found.equals(literal);
    }

    @Override
    public String toString() {
      return source + ":" + value;
    }
  }

  private static String joined(List<Check> checks, String word) {
    return checks.stream().map(Check::toString).collect(Collectors.joining(word, "(", ")"));
  }
}
