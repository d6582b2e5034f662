package io.vitrine.api.filter;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The result of a health check, in the formats of oslo.middleware.
 *
 * @param details the state of the process; if empty, only reasons are shown
 */
record HealthReport(List<Result> results, JsonObject details) {
  /** Copies the list. */
  HealthReport {
    results = List.copyOf(results);
  }

  /** The result of one kind of file; the class name of oslo.middleware is part of the answer. */
  record Result(boolean isWell, String reason, String details) {
    private static final String CLASS = "HealthcheckResult";

    private JsonObject toJson() {
      return JsonObject.of("class", CLASS, "details", details, "reason", reason);
    }

    private List<String> cells(boolean isDetailed) {
      return isDetailed ? List.of(CLASS, reason, details) : List.of(reason);
    }
  }

  boolean isWell() {
    return results.stream().allMatch(Result::isWell);
  }

  String toText() {
    return results.stream().map(Result::reason).collect(Collectors.joining("\n"));
  }

  String toJson() {
    var reasons = new JsonArray();
    results.forEach(result -> reasons.add(isDetailed() ? result.toJson() : result.reason()));
    return new JsonObject()
        .put("detailed", isDetailed())
        .mergeIn(details)
        .put("reasons", reasons)
        .encodePrettily();
  }

  String toHtml() {
    var head = isDetailed() ? List.of("Kind", "Reason", "Details") : List.of("Reason");
    var rows =
        results.stream()
            .map(result -> row("TD", result.cells(isDetailed())))
            .collect(Collectors.joining());
    return """
        <HTML>
        <HEAD><TITLE>Healthcheck Status</TITLE></HEAD>
        <BODY>
        %s<H2>Result of %d checks:</H2>
        <TABLE bgcolor="#ffffff" border="1">
        <TBODY>
        %s%s</TBODY>
        </TABLE>
        <HR></HR>
        </BODY>
        </HTML>
        """
        .formatted(isDetailed() ? status() : "", results.size(), row("TH", head), rows);
  }

  private boolean isDetailed() {
    return !details.isEmpty();
  }

  private String status() {
    return details.stream()
        .map(
            detail ->
                "<B>%s:</B><PRE>%s</PRE>\n"
                    .formatted(detail.getKey(), escaped(String.valueOf(detail.getValue()))))
        .collect(Collectors.joining("", "<H1>Server status</H1>\n", "<HR></HR>\n"));
  }

  private static String row(String cell, List<String> texts) {
    return texts.stream()
        .map(text -> "<%1$s>%2$s</%1$s>\n".formatted(cell, escaped(text)))
        .collect(Collectors.joining("", "<TR>\n", "</TR>\n"));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
