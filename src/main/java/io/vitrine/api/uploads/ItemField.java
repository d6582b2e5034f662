package io.vitrine.api.uploads;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Header fields that are an Item of a Boolean or an Integer (RFC 9651). A field with another value
 * counts as absent, and so does one that is repeated.
 */
final class ItemField {
  /** More than any parameters that make sense. */
  private static final int MAX_LENGTH = 1000;

  private static final String NUMBER = "-?[0-9]{1,15}(?:\\.[0-9]{1,3})?";
  private static final String STRING = "\"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+\"";
  private static final String TOKEN = "[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*";
  private static final String BYTES = ":[A-Za-z0-9+/=]*:";
  private static final String DATE = "@-?[0-9]{1,15}";
  private static final String DISPLAY = "%\"[ !#-~]*\"";
  private static final String VALUE =
      "(?:%s)".formatted(String.join("|", NUMBER, STRING, TOKEN, BYTES, "\\?[01]", DATE, DISPLAY));
  private static final String PARAMETERS = "(?:; *[a-z*][a-z0-9_.*-]*(?:=" + VALUE + ")?)*+";
  private static final Pattern FLAG = Pattern.compile(" *\\?([01])" + PARAMETERS + " *");
  private static final Pattern COUNT = Pattern.compile(" *([0-9]{1,15})" + PARAMETERS + " *");

  private ItemField() {}

  /** A Boolean. */
  static Optional<Boolean> flag(RoutingContext context, String name) {
    return flag(context.request().headers().getAll(name));
  }

  /** A Boolean in the lines of a field. */
  static Optional<Boolean> flag(List<String> lines) {
    return item(lines, FLAG).map("1"::equals);
  }

  /** An Integer that is not negative. */
  static Optional<Long> count(RoutingContext context, String name) {
    return count(context.request().headers().getAll(name));
  }

  /** An Integer that is not negative in the lines of a field. */
  static Optional<Long> count(List<String> lines) {
    return item(lines, COUNT).map(Long::valueOf);
  }

  private static Optional<String> item(List<String> lines, Pattern form) {
    return Optional.of(String.join(",", lines))
        .filter(text -> text.length() <= MAX_LENGTH)
        .map(form::matcher)
        .filter(Matcher::matches)
        .map(match -> match.group(1));
  }
}
