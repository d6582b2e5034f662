package io.vitrine.access.policy;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A compiled rule: a tree that decides about a caller and a target. Prints as it is written. */
sealed interface Check {
  boolean allows(Credentials caller, Target target);

  /** {@code @}. */
  record Always() implements Check {
    @Override
    public boolean allows(Credentials caller, Target target) {
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
    public boolean allows(Credentials caller, Target target) {
      return false;
    }

    @Override
    public String toString() {
      return "!";
    }
  }

  /** The opposite of a check. */
  record Not(Check check) implements Check {
    @Override
    public boolean allows(Credentials caller, Target target) {
      return !check.allows(caller, target);
    }

    @Override
    public String toString() {
      return "not " + check;
    }
  }

  /** All checks together. */
  record All(List<Check> checks) implements Check {
    public All {
      checks = List.copyOf(checks);
    }

    @Override
    public boolean allows(Credentials caller, Target target) {
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

  /** Any one of the checks. */
  record Any(List<Check> checks) implements Check {
    public Any {
      checks = List.copyOf(checks);
    }

    @Override
    public boolean allows(Credentials caller, Target target) {
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

  /** Another rule by its name, which is to be replaced by a {@link Named} one. */
  record Reference(String rule) implements Check {
    @Override
    public boolean allows(Credentials caller, Target target) {
      throw new IllegalStateException("rule:" + rule + " is not linked");
    }

    @Override
    public String toString() {
      return "rule:" + rule;
    }
  }

  /** Another rule. */
  record Named(String rule, Check check) implements Check {
    @Override
    public boolean allows(Credentials caller, Target target) {
      return check.allows(caller, target);
    }

    @Override
    public String toString() {
      return "rule:" + rule;
    }
  }

  /** The caller has a role. */
  record HasRole(Template role) implements Check {
    @Override
    public boolean allows(Credentials caller, Target target) {
      var wanted = role.fill(target);
      return wanted != null && caller.hasRole(wanted);
    }

    @Override
    public String toString() {
      return "role:" + role;
    }
  }

  /** A credential of the caller has a value, or a list of values contains it. */
  record HasCredential(List<String> path, Template value) implements Check {
    public HasCredential {
      path = List.copyOf(path);
    }

    @Override
    public boolean allows(Credentials caller, Target target) {
      var wanted = value.fill(target);
      return wanted != null && caller.has(path, wanted);
    }

    @Override
    public String toString() {
      return String.join(".", path) + ":" + value;
    }
  }

  /**
   * An attribute of the target has a value.
   *
   * @param source the value as it is written
   * @param literal the value, null for {@code None}
   */
  record HasValue(String source, @Nullable String literal, Template value) implements Check {
    @Override
    public boolean allows(Credentials caller, Target target) {
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
