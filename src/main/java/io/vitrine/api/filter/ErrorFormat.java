package io.vitrine.api.filter;

import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.List;

/**
 * The format of an error body, chosen by the Accept header (RFC 9110, section 12.5.1): HTML before
 * JSON, plain text if neither is acceptable.
 */
enum ErrorFormat {
  PLAIN,
  JSON,
  HTML;

  static ErrorFormat of(RoutingContext context) {
    var ranges = context.parsedHeaders().accept();
    float html = quality(ranges, "text", "html");
    float json = quality(ranges, "application", "json");
    if (html > 0 && html >= json) {
      return HTML;
    }
    return json > 0 ? JSON : PLAIN;
  }

  /** The weight of the most specific matching range; 0 if none matches. */
  static float quality(List<MIMEHeader> ranges, String type, String subtype) {
    return ranges.stream()
        .filter(range -> range.parameters().isEmpty())
        .filter(range -> covers(range.component(), type) && covers(range.subComponent(), subtype))
        .max(Comparator.comparingInt(ErrorFormat::exactness))
        .map(MIMEHeader::weight)
        .orElse(0f);
  }

  private static boolean covers(String range, String name) {
    return range.equals("*") || range.equalsIgnoreCase(name);
  }

  private static int exactness(MIMEHeader range) {
    return (range.component().equals("*") ? 0 : 1) + (range.subComponent().equals("*") ? 0 : 1);
  }
}
