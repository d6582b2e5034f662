package io.vitrine.api.request;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Parses JSON and requires every string to be Unicode without NUL, so that it can be stored and
 * sent. The parser itself accepts lone surrogates and invalid UTF-8.
 */
final class JsonText {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /** The length of an escape such as {@code \\u0041}. */
  private static final int ESCAPE_LENGTH = 6;

  private JsonText() {}

  /** Decodes a document; a top-level null becomes a string, which no request accepts. */
  static Object decode(Buffer body) {
    var json = requireUnicode(text(body));
    try {
      return Optional.ofNullable(Json.decodeValue(json)).orElse("null");
    } catch (DecodeException malformed) {
      throw invalid("The body is not well-formed JSON.");
    }
  }

  private static String text(Buffer body) {
    try {
      var text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.getBytes())).toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException malformed) {
      throw invalid("The body is not encoded in UTF-8.");
    }
  }

  /** Checks the escapes only: valid UTF-8 contains nothing but whole characters. */
  private static String requireUnicode(String json) {
    int at = json.indexOf('\\');
    while (at >= 0) {
      int unit = escaped(json, at);
      boolean isPair =
          unit >= 0
              && Character.isHighSurrogate((char) unit)
              && Character.isLowSurrogate((char) Math.max(0, escaped(json, at + ESCAPE_LENGTH)));
      if (unit == 0 || (unit > 0 && Character.isSurrogate((char) unit) && !isPair)) {
        throw invalid("The body has text with a NUL character or an unpaired surrogate.");
      }
      at = json.indexOf('\\', at + (isPair ? 2 * ESCAPE_LENGTH : unit >= 0 ? ESCAPE_LENGTH : 2));
    }
    return json;
  }

  /** The UTF-16 code unit escaped at the position; negative if there is no escape. */
  private static int escaped(String json, int at) {
    if (!json.startsWith("\\u", at) || at + ESCAPE_LENGTH > json.length()) {
      return -1;
    }
    int unit = 0;
    for (int i = at + 2; i < at + ESCAPE_LENGTH; i++) {
      int digit = Character.digit(json.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }
}
