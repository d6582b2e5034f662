package io.vitrine.access.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rules by name, compiled and linked. */
final class Rules {
  private final Map<String, Check> checks;
  private final Set<String> unasked;

  private Rules(Map<String, Check> checks, Set<String> unasked) {
    this.checks = Collections.unmodifiableMap(checks);
    this.unasked = Collections.unmodifiableSet(unasked);
  }

  /**
   * Compiles the built-in rules and those of a file, which take precedence.
   *
   * @param required names of rules that must exist
   * @throws PolicyException if a rule cannot be parsed, or refers to one that does not exist, or to
   *     itself
   */
  static Rules compile(
      Map<String, Object> defaults, Map<String, Object> file, Set<String> required) {
    var faults = new ArrayList<String>();
    var parsed = new LinkedHashMap<String, Check>();
    defaults.forEach((name, rule) -> parsed.put(name, parse(name, rule, faults)));
    file.forEach((name, rule) -> parsed.put(name, parse(name, rule, faults)));
    // The built-in default allows everybody, so misspelt names must not fall back to it.
    var fallback = file.containsKey("default") ? parsed.get("default") : null;
    var linker = new Linker(parsed, fallback, faults);
    parsed.keySet().forEach(linker::link);
    required.stream()
        .filter(name -> !parsed.containsKey(name))
        .forEach(
            name ->
                faults.add("%s: there is no rule of this name, but one is needed".formatted(name)));
    if (!faults.isEmpty()) {
      throw new PolicyException(faults);
    }
    var unasked = new LinkedHashSet<>(file.keySet());
    unasked.removeAll(defaults.keySet());
    unasked.removeAll(required);
    unasked.removeAll(linker.asked);
    return new Rules(linker.linked, unasked);
  }

  private static Check parse(String name, Object rule, List<String> faults) {
    try {
      return RuleParser.parse(rule);
    } catch (SyntaxException fault) {
      faults.add(name + ": " + fault.getMessage());
      return new Check.Never();
    }
  }

  Optional<Check> find(String name) {
    return Optional.ofNullable(checks.get(name));
  }

  boolean allows(String name, CallerAttributes caller, Target target) {
    var check = checks.get(name);
    return check != null && check.allows(caller, target);
  }

  /** Rules of the file that nothing checks. */
  Set<String> unasked() {
    return unasked;
  }

  /** The rules in the format of a policy file, in order. */
  String toYaml() {
    return checks.entrySet().stream()
        .map(entry -> "\"%s\": \"%s\"%n".formatted(entry.getKey(), source(entry.getValue())))
        .collect(Collectors.joining());
  }

  private static String source(Check check) {
    var text = check instanceof Check.Always ? "" : check.toString();
    boolean isList = check instanceof Check.All || check instanceof Check.Any;
    return (isList ? text.substring(1, text.length() - 1) : text)
        .replace("\\", "\\\\")
        .replace("\"", "\\\"");
  }

  /** Replaces references by the rules that they name. */
  private static final class Linker {
    private final Map<String, Check> parsed;
    private final @Nullable Check fallback;
    private final List<String> faults;
    private final Map<String, Check> linked = new LinkedHashMap<>();
    private final Set<String> open = new LinkedHashSet<>();
    private final Set<String> asked = new LinkedHashSet<>();

    Linker(Map<String, Check> parsed, @Nullable Check fallback, List<String> faults) {
      this.parsed = parsed;
      this.fallback = fallback;
      this.faults = faults;
    }

    Check link(String name) {
      var done = linked.get(name);
      if (done != null) {
        return done;
      }
      var check = parsed.get(name);
      if (check == null || !open.add(name)) {
        return check == null ? missing(name) : cycle(name);
      }
      var result = link(check);
      open.remove(name);
      linked.put(name, result);
      return result;
    }

    private Check link(Check check) {
      return switch (check) {
        case Check.Reference(var name) -> {
          asked.add(name);
          yield new Check.Named(name, link(name));
        }
        case Check.Not(var inner) -> new Check.Not(link(inner));
        case Check.All(var inner) -> new Check.All(inner.stream().map(this::link).toList());
        case Check.Any(var inner) -> new Check.Any(inner.stream().map(this::link).toList());
        case Check.Always it -> it;
        case Check.Never it -> it;
        case Check.Named it -> it;
        case Check.HasRole it -> it;
        case Check.HasCredential it -> it;
        case Check.HasValue it -> it;
      };
    }

    private Check missing(String name) {
      if (fallback != null) {
        return link("default");
      }
      faults.add(
          "%s: there is no rule \"%s\", and the file has no rule \"default\" to take its place"
              .formatted(asking(), name));
      return new Check.Never();
    }

    private Check cycle(String name) {
      faults.add("%s: the rule refers to itself: %s".formatted(name, String.join(" → ", open)));
      return new Check.Never();
    }

    private String asking() {
      return open.isEmpty() ? "?" : List.copyOf(open).getLast();
    }
  }
}
