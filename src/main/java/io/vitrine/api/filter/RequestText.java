package io.vitrine.api.filter;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Refuses paths and parameters that are not UTF-8 or contain NUL, which PostgreSQL cannot store.
 * Also refuses more parameters than Vert.x parses, because a list must not drop a filter silently.
 */
public final class RequestText implements Handler<RoutingContext> {
  /** Vert.x parses 1024. */
  private static final int MAX_PARAMETERS = 1000;

  private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  /** Decodes as Glance does: a percent sign that begins no escape stands for itself. */
  public static void mend(RoutingContext context) {
    var uri = context.request().uri();
    if (uri.indexOf('%') < 0) {
      context.next();
      return;
    }
    var mended = STRAY_PERCENT.matcher(uri).replaceAll("%25");
    if (uri.startsWith("/") && !mended.equals(uri)) {
      context.reroute(mended);
    } else {
      context.next();
    }
  }

  @Override
  public void handle(RoutingContext context) {
    var uri = context.request().uri();
    if (!isPlain(uri) && !isText(uri)) {
      throw invalid("The URL does not decode to text in UTF-8.");
    }
    if (uri.length() >= MAX_PARAMETERS
        && uri.chars().filter(c -> c == '&').count() >= MAX_PARAMETERS) {
      throw invalid("The URL has more than %d parameters.".formatted(MAX_PARAMETERS));
    }
    context.next();
  }

  /** Whether there is nothing to decode, as in most URLs. */
  private static boolean isPlain(String uri) {
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '%') {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(String uri) {
    try {
      var bytes =
          URLDecoder.decode(uri, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return text.chars().allMatch(c -> c != 0);
    } catch (IllegalArgumentException | CharacterCodingException malformed) {
      return false;
    }
  }
}
