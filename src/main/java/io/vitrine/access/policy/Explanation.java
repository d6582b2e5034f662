package io.vitrine.access.policy;

import java.util.List;
import java.util.stream.Stream;

/** The decision of a part of a rule, and the parts that determine it. */
public record Explanation(String part, boolean allows, List<Explanation> because) {
  /** Copies the list. */
  public Explanation {
    because = List.copyOf(because);
  }

  static Explanation of(Check check, CallerAttributes caller, Target target) {
    boolean allows = check.allows(caller, target);
    var parts =
        switch (check) {
          case Check.Named(var rule, var inner) -> Stream.of(inner);
          case Check.Not(var inner) -> Stream.of(inner);
          case Check.All(var inner) -> deciding(inner, false, allows, caller, target);
          case Check.Any(var inner) -> deciding(inner, true, allows, caller, target);
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

  /** The checks that agree with the whole; if one suffices, only the first. */
  private static Stream<Check> deciding(
      List<Check> parts,
      boolean isOneEnough,
      boolean allows,
      CallerAttributes caller,
      Target target) {
    return parts.stream()
        .filter(part -> part.allows(caller, target) == allows)
        .limit(isOneEnough == allows ? 1 : parts.size());
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
