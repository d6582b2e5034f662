package io.vitrine.access.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table of who may do what. {@code policy-table.txt} says how they are written.
 *
 * @param rules every rule that the table has something about
 * @param rows the requests with what is to come of them
 */
record PolicyTable(Set<String> rules, List<Row> rows) {
  static final List<String> ROLES = List.of("admin", "member", "reader", "service", "none");
  private static final Pattern REQUEST =
      Pattern.compile("(GET|PUT|POST|PATCH|DELETE) (\\S+)(?: shows (\\S+))?(?: (.+))?");

  /** One request of the API; placeholders are in braces. */
  record Call(String method, String path, @Nullable String shown, @Nullable String body) {
    @Override
    public String toString() {
      return method + " " + path + (shown == null ? "" : " shows " + shown);
    }
  }

  /** A request with what is to come of it. */
  record Row(String rule, Call call, Grid grid) {}

  /**
   * What is to come of a request.
   *
   * @param visibilities those that a cell has signs for
   * @param cells by role, then by relation
   */
  record Grid(
      List<String> visibilities, List<String> relations, Map<String, Map<String, String>> cells) {}

  static PolicyTable read(String name) throws IOException {
    try (InputStream file = PolicyTable.class.getResourceAsStream(name)) {
      var text = new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
      return new Reader().read(text.lines().toList());
    }
  }

  /** Goes through the lines; a grid is about all requests since the last one. */
  private static final class Reader {
    private final Set<String> rules = new TreeSet<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<Map.Entry<String, Call>> waiting = new ArrayList<>();
    private String rule = "";

    PolicyTable read(List<String> lines) {
      for (int i = 0; i < lines.size(); i++) {
        var line = lines.get(i).strip();
        var request = REQUEST.matcher(line);
        if (line.isEmpty() || line.startsWith("#")) {
          continue;
        }
        if (line.startsWith("rule ")) {
          rule = line.substring("rule ".length());
        } else if (line.startsWith("no route: ")) {
          rules.add(rule);
        } else if (request.matches()) {
          rules.add(rule);
          waiting.add(
              Map.entry(
                  rule,
                  new Call(
                      request.group(1), request.group(2), request.group(3), request.group(4))));
        } else {
          var grid = grid(lines.subList(i, i + 1 + ROLES.size()));
          waiting.forEach(each -> rows.add(new Row(each.getKey(), each.getValue(), grid)));
          waiting.clear();
          i += ROLES.size();
        }
      }
      if (!waiting.isEmpty()) {
        throw new IllegalStateException("nothing is said about " + waiting);
      }
      return new PolicyTable(rules, rows);
    }

    private static Grid grid(List<String> lines) {
      var head = words(lines.getFirst());
      var relations = head.size() == 1 ? List.of("owner") : head.subList(1, head.size());
      var visibilities = visibilities(head.getFirst());
      var cells = new LinkedHashMap<String, Map<String, String>>();
      for (int i = 0; i < ROLES.size(); i++) {
        var words = words(lines.get(i + 1));
        if (!words.getFirst().equals(ROLES.get(i)) || words.size() != relations.size() + 1) {
          throw new IllegalStateException("no line of a table: " + lines.get(i + 1));
        }
        var cell = new LinkedHashMap<String, String>();
        for (int j = 0; j < relations.size(); j++) {
          if (!words.get(j + 1).matches("[-+.]{%d}".formatted(visibilities.size()))) {
            throw new IllegalStateException("no cells of a table: " + lines.get(i + 1));
          }
          cell.put(relations.get(j), words.get(j + 1));
        }
        cells.put(ROLES.get(i), cell);
      }
      return new Grid(visibilities, relations, cells);
    }

    private static List<String> visibilities(String kind) {
      return switch (kind) {
        case "images" -> List.of("private", "shared", "community", "public");
        case "namespaces" -> List.of("private", "public");
        case "any" -> List.of("");
        default -> throw new IllegalStateException("no table begins with " + kind);
      };
    }

    private static List<String> words(String line) {
      return Arrays.asList(line.strip().split(" +", -1));
    }
  }
}
