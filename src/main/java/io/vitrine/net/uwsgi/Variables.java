package io.vitrine.net.uwsgi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The CGI variables of a request. A repeated variable must have the same value, since either could
 * be meant; an empty one counts as absent.
 */
final class Variables {
  private static final Set<String> DECIDING =
      Set.of(
          "REQUEST_METHOD",
          "REQUEST_URI",
          "SCRIPT_NAME",
          "PATH_INFO",
          "QUERY_STRING",
          "CONTENT_LENGTH",
          "CONTENT_TYPE",
          "HTTP_CONTENT_LENGTH",
          "HTTP_CONTENT_TYPE",
          "HTTP_TRANSFER_ENCODING",
          "HTTP_HOST",
          "SERVER_NAME",
          "SERVER_PORT",
          "HTTPS",
          "UWSGI_SCHEME",
          "REQUEST_SCHEME",
          "wsgi.url_scheme",
          "UWSGI_ROUTER",
          "REMOTE_ADDR",
          "REMOTE_PORT");

  private final Map<String, String> values;

  private Variables(Map<String, String> values) {
    this.values = values;
  }

  static Variables of(List<Variable> all) throws RefusedPacketException {
    var values = new HashMap<String, String>();
    for (var variable : all) {
      if (DECIDING.contains(variable.name())) {
        var earlier = values.put(variable.name(), variable.value());
        if (earlier != null && !earlier.equals(variable.value())) {
          throw RefusedPacketException.malformed(
              "%s is given twice, with different values.".formatted(variable.name()));
        }
      }
    }
    return new Variables(values);
  }

  /** The value; empty if absent. */
  String text(String name) {
    return values.getOrDefault(name, "");
  }

  /** The value, empty if absent. Fails if it does not match the form. */
  String text(String name, Pattern form) throws RefusedPacketException {
    return text(name, form.asMatchPredicate());
  }

  /** The value of either of two equivalent variables, which must not contradict each other. */
  String either(String name, String other, Pattern form) throws RefusedPacketException {
    var value = text(name, form);
    var second = text(other, form);
    if (!value.isEmpty() && !second.isEmpty() && !value.equals(second)) {
      throw RefusedPacketException.malformed("%s and %s differ.".formatted(name, other));
    }
    return value.isEmpty() ? second : value;
  }

  private String text(String name, Predicate<String> form) throws RefusedPacketException {
    var value = text(name);
    if (!value.isEmpty() && !form.test(value)) {
      throw RefusedPacketException.malformed("%s is malformed.".formatted(name));
    }
    return value;
  }
}
