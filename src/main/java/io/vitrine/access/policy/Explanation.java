package io.vitrine.access.policy;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The decision of a part of a rule, and the parts that determine it. */
public record Explanation(String part, boolean allows, List<Explanation> because) {
  /** Copies the list. */
  public Explanation {
    because = List.copyOf(because);
  }

  static Explanation of(Check check, CallerAttributes caller, Target target) {
    boolean allows = check.allows(caller, target);
    Predicate<Check> agrees = part -> part.allows(caller, target) == allows;
    var parts =
        switch (check) {
          case Check.Named(var rule, var inner) -> Stream.of(inner);
          case Check.Not(var inner) -> Stream.of(inner);
          case Check.All(var inner) -> deciding(inner, allows ? inner.size() : 1, agrees);
          case Check.Any(var inner) -> deciding(inner, allows ? 1 : inner.size(), agrees);
          case Check.Always it -> Stream.<Check>empty();
          case Check.Never it -> Stream.<Check>empty();
          case Check.Reference it -> Stream.<Check>empty();
          case Check.HasRole it -> Stream.<Check>empty();
          case Check.HasCredential it -> Stream.<Check>empty();
          case Check.HasValue it -> Stream.<Check>empty();
        };
    return new Explanation(
        check.toString(), allows, parts.map(part -> of(part, caller, target)).toList());
  }

  /** The checks that agree with the whole, at most as many as are needed to determine it. */
  private static Stream<Check> deciding(List<Check> parts, int needed, Predicate<Check> agrees) {
    return parts.stream().filter(agrees).limit(needed);
  }

  /** One line for each part, indented below the part that contains it. */
  public String toTree() {
    var text = new StringBuilder();
    write(text, 0);
    return text.toString();
  }

  private void write(StringBuilder text, int depth) {
    text.repeat("  ", depth).append(allows ? "allowed  " : "denied   ").append(part).append('\n');
    because.forEach(each -> each.write(text, depth + 1));
  }
}
