package io.vitrine.access.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Parses oslo.policy's rule language. {@code not} binds closer than {@code and}, which binds closer
 * than {@code or}. What oslo.policy cannot parse and turns into "nobody" is an error here.
 */
final class RuleParser {
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
  private static final Pattern CREDENTIAL = Pattern.compile("\\w[\\w-]*(\\.\\w[\\w-]*)*");

  private final Deque<String> tokens;

  private RuleParser(Deque<String> tokens) {
    this.tokens = tokens;
  }

  /**
   * The check of a rule as the policy file has it: a text, or a list of alternatives, each a check
   * or a list of checks that must all pass.
   *
   * @throws SyntaxException if it is neither
   */
  static Check parse(Object rule) {
    return switch (rule) {
      case String text when text.isBlank() -> new Check.Always();
      case String text -> new RuleParser(tokens(text)).whole();
      case Collection<?> alternatives when alternatives.isEmpty() -> new Check.Always();
      case Collection<?> alternatives -> alternatives(alternatives);
      default -> throw new SyntaxException("a rule must be a string; \"\" allows everybody");
    };
  }

  private static Check alternatives(Collection<?> alternatives) {
    var checks = new ArrayList<Check>();
    for (var alternative : alternatives) {
      switch (alternative) {
        case String check -> checks.add(check(check));
        case Collection<?> together when together.isEmpty() -> {}
        case Collection<?> together -> checks.add(together(together));
        case null, default ->
            throw new SyntaxException("a list must hold checks or lists of checks");
      }
    }
    return switch (checks.size()) {
      case 0 -> new Check.Never();
      case 1 -> checks.getFirst();
      default -> new Check.Any(checks);
    };
  }

  private static Check together(Collection<?> items) {
    var checks = new ArrayList<Check>();
    for (var item : items) {
      if (!(item instanceof String check)) {
        throw new SyntaxException("an inner list must hold checks");
      }
      checks.add(check(check));
    }
    return checks.size() == 1 ? checks.getFirst() : new Check.All(checks);
  }

  /** Words and parentheses; a parenthesis inside a word belongs to the word. */
  private static Deque<String> tokens(String text) {
    var tokens = new ArrayDeque<String>();
    for (var word : SPACE.splitAsStream(text.strip()).toList()) {
      int start = 0;
      while (start < word.length() && word.charAt(start) == '(') {
        tokens.add("(");
        start++;
      }
      int end = word.length();
      while (end > start && word.charAt(end - 1) == ')') {
        end--;
      }
      if (end > start) {
        tokens.add(word.substring(start, end));
      }
      for (int i = end; i < word.length(); i++) {
        tokens.add(")");
      }
    }
    return tokens;
  }

  private Check whole() {
    var check = any();
    if (!tokens.isEmpty()) {
      throw new SyntaxException("\"%s\" is not expected there".formatted(tokens.getFirst()));
    }
    return check;
  }

  private Check any() {
    var checks = new ArrayList<>(List.of(all()));
    while (takes("or")) {
      checks.add(all());
    }
    return checks.size() == 1 ? checks.getFirst() : new Check.Any(checks);
  }

  private Check all() {
    var checks = new ArrayList<>(List.of(single()));
    while (takes("and")) {
      checks.add(single());
    }
    return checks.size() == 1 ? checks.getFirst() : new Check.All(checks);
  }

  private Check single() {
    if (takes("not")) {
      return new Check.Not(single());
    }
    if (takes("(")) {
      var inner = any();
      if (!takes(")")) {
        throw new SyntaxException("a \")\" is missing");
      }
      return inner;
    }
    var token = tokens.poll();
    if (token == null) {
      throw new SyntaxException("the rule ends too early");
    }
    return check(token);
  }

  private boolean takes(String token) {
    boolean isNext = token.equalsIgnoreCase(tokens.peek());
    if (isNext) {
      tokens.remove();
    }
    return isNext;
  }

  private static Check check(String source) {
    int colon = source.indexOf(':');
    if (source.equals("@")) {
      return new Check.Always();
    }
    if (source.equals("!")) {
      return new Check.Never();
    }
    if (colon < 0) {
      throw new SyntaxException(
          "\"%s\" is not a check; checks have the form kind:match".formatted(source));
    }
    var kind = source.substring(0, colon);
    var match = source.substring(colon + 1);
    return switch (kind) {
      case "rule" -> new Check.Reference(match);
      case "role" -> new Check.HasRole(Template.parse(match));
      case "http", "https" ->
          throw new SyntaxException(
              "\"%s\" asks another server, which is not supported; write the rule out"
                  .formatted(source));
      default -> comparison(kind, Template.parse(match));
    };
  }

  private static Check comparison(String left, Template right) {
    var quoted = QUOTED.matcher(left);
    if (quoted.matches()) {
      return new Check.HasValue(left, left.substring(1, left.length() - 1), right);
    }
    if (left.equals("None")) {
      return new Check.HasValue(left, null, right);
    }
    if (left.equals("True") || left.equals("False") || NUMBER.matcher(left).matches()) {
      return new Check.HasValue(left, left, right);
    }
    if (!CREDENTIAL.matcher(left).matches()) {
      throw new SyntaxException(
          "\"%s\" is neither a credential nor a value".formatted(left.toLowerCase(Locale.ROOT)));
    }
    return new Check.HasCredential(List.of(left.split("\\.", -1)), right);
  }
}
