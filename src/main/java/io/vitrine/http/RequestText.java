package io.vitrine.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Refuses paths and parameters that are not text: UTF-8 without NUL, which no database keeps. */
final class RequestText implements Handler<RoutingContext> {
  @Override
  public void handle(RoutingContext context) {
    if (!isText(context.request().uri())) {
      throw new ProblemException(new Problem.Invalid("The URL does not decode to text in UTF-8."));
    }
    context.next();
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
