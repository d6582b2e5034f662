package io.vitrine.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.Caller;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Rules against an evaluation that shares nothing with the parser: it writes 0 and 1 in the place
 * of checks and replaces what it finds, as one does on paper.
 */
class RuleParserProperties {
  private static final Map<String, Boolean> CHECKS =
      Map.of(
          "role:member", true,
          "role:admin", false,
          "project_id:%(owner)s", true,
          "user_id:%(owner)s", false,
          "'public':%(visibility)s", true,
          "None:%(visibility)s", false,
          "@", true,
          "!", false);
  private static final CallerAttributes ANN =
      new CallerAttributes(new Caller("ann", "p", Set.of("member")));
  private static final Target IMAGE = Target.of(Map.of("owner", "p", "visibility", "public"));

  @Property
  void decidesAsOnPaper(@ForAll("rules") String rule) {
    var check = RuleParser.parse(rule);

    assertThat(check.allows(ANN, IMAGE)).isEqualTo(onPaper(rule));
  }

  @Property
  void meansTheSameWhenPrintedAndReadAgain(@ForAll("rules") String rule) {
    var check = RuleParser.parse(rule);

    assertThat(RuleParser.parse(check.toString())).isEqualTo(check);
  }

  @Property
  void explainsWhatItDecides(@ForAll("rules") String rule) {
    var check = RuleParser.parse(rule);

    var explanation = Explanation.of(check, ANN, IMAGE);

    assertThat(explanation.allows()).isEqualTo(check.allows(ANN, IMAGE));
    assertThat(leaves(explanation))
        .allSatisfy(leaf -> assertThat(leaf.allows()).isEqualTo(CHECKS.get(leaf.part())));
  }

  @Property
  void readsOrRefusesAnything(@ForAll String text) {
    try {
      assertThat(RuleParser.parse(text)).isNotNull();
    } catch (SyntaxException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }

  @Provide
  Arbitrary<String> rules() {
    return rules(4).withoutEdgeCases();
  }

  private static Arbitrary<String> rules(int depth) {
    var check = Arbitraries.of(CHECKS.keySet());
    if (depth == 0) {
      return check;
    }
    var inner = rules(depth - 1);
    return Arbitraries.oneOf(
        check,
        Combinators.combine(inner, inner).as((left, right) -> left + " and " + right),
        Combinators.combine(inner, inner).as((left, right) -> left + " or " + right),
        check.map(each -> "not " + each),
        inner.map(each -> "not (" + each + ")"),
        inner.map(each -> "( " + each + ")"));
  }

  private static boolean onPaper(String rule) {
    var text = rule;
    for (var check : CHECKS.entrySet()) {
      text = text.replace(check.getKey(), check.getValue() ? "1" : "0");
    }
    text = text.replace(" ", "").replace("not", "-").replace("and", "&").replace("or", "|");
    var steps =
        List.of(
            Map.entry("(1)", "1"),
            Map.entry("(0)", "0"),
            Map.entry("-1", "0"),
            Map.entry("-0", "1"),
            Map.entry("1&1", "1"),
            Map.entry("1&0", "0"),
            Map.entry("0&1", "0"),
            Map.entry("0&0", "0"));
    var alternatives =
        List.of(
            Map.entry("1|1", "1"),
            Map.entry("1|0", "1"),
            Map.entry("0|1", "1"),
            Map.entry("0|0", "0"));
    while (text.length() > 1) {
      var before = text;
      for (var step : steps) {
        text = text.replace(step.getKey(), step.getValue());
      }
      if (text.equals(before)) {
        text = replaceLooseAlternative(text, alternatives);
      }
    }
    return text.equals("1");
  }

  /** An alternative next to which nothing binds closer. */
  private static String replaceLooseAlternative(
      String text, List<Map.Entry<String, String>> alternatives) {
    for (int i = 0; i + 3 <= text.length(); i++) {
      var part = text.substring(i, i + 3);
      boolean isLoose =
          (i == 0 || "(|".indexOf(text.charAt(i - 1)) >= 0)
              && (i + 3 == text.length() || ")|".indexOf(text.charAt(i + 3)) >= 0);
      for (var alternative : alternatives) {
        if (isLoose && alternative.getKey().equals(part)) {
          return text.substring(0, i) + alternative.getValue() + text.substring(i + 3);
        }
      }
    }
    throw new IllegalStateException(text);
  }

  private static Deque<Explanation> leaves(Explanation root) {
    var leaves = new ArrayDeque<Explanation>();
    var open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      var next = open.pop();
      open.addAll(next.because());
      if (next.because().isEmpty()) {
        leaves.add(next);
      }
    }
    return leaves;
  }
}
