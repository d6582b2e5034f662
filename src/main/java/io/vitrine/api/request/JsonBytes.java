package io.vitrine.api.request;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON documents as the codec of Vert.x does, but straight to UTF-8: the codec makes
 * characters first. Values of rarer types are left to it.
 */
final class JsonBytes {
  private static final byte[] NULL = ascii("null");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] HEX = ascii("0123456789ABCDEF");

  private byte[] bytes;
  private int length;

  private JsonBytes(int expected) {
    bytes = new byte[expected];
  }

  /** The document, which will take about so many bytes. */
  static Buffer of(@Nullable Object document, int expected) {
    var json = new JsonBytes(expected);
    json.value(document);
    return Buffer.buffer(Arrays.copyOf(json.bytes, json.length));
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case null -> raw(NULL);
      case String text -> string(text);
      case Boolean flag -> raw(flag ? TRUE : FALSE);
      case Integer number -> raw(ascii(number.toString()));
      case Long number -> raw(ascii(number.toString()));
      case JsonObject object -> object(object.getMap());
      case JsonArray array -> array(array.getList());
      case Map<?, ?> map -> object(map);
      case List<?> values -> array(values);
      default -> raw(Json.encodeToBuffer(value).getBytes());
    }
  }

  private void object(Map<?, ?> members) {
    byte before = '{';
    for (var member : members.entrySet()) {
      raw(before);
      string(String.valueOf(member.getKey()));
      raw((byte) ':');
      value(member.getValue());
      before = ',';
    }
    if (before == '{') {
      raw(before);
    }
    raw((byte) '}');
  }

  private void array(List<?> values) {
    byte before = '[';
    for (var value : values) {
      raw(before);
      value(value);
      before = ',';
    }
    if (before == '[') {
      raw(before);
    }
    raw((byte) ']');
  }

  /** Nearly all strings are ASCII without anything to escape. */
  private void string(String text) {
    require(text.length() + 2);
    // Fields would be written back for each character.
    var out = bytes;
    int end = length;
    out[end++] = '"';
    int i = 0;
    while (i < text.length() && isPlain(text.charAt(i))) {
      out[end++] = (byte) text.charAt(i++);
    }
    length = end;
    if (i < text.length()) {
      escaped(text.substring(i).getBytes(StandardCharsets.UTF_8));
    }
    raw((byte) '"');
  }

  private static boolean isPlain(int character) {
    return character >= ' ' && character < 0x7f && character != '"' && character != '\\';
  }

  /** Escapes what RFC 8259, section 7, says must be escaped; all of that is ASCII. */
  private void escaped(byte[] utf8) {
    int plain = 0;
    for (int i = 0; i < utf8.length; i++) {
      if (utf8[i] == '"' || utf8[i] == '\\' || (utf8[i] >= 0 && utf8[i] < ' ')) {
        raw(utf8, plain, i);
        escape(utf8[i]);
        plain = i + 1;
      }
    }
    raw(utf8, plain, utf8.length);
  }

  private void escape(byte character) {
    raw((byte) '\\');
    switch (character) {
      case '\b' -> raw((byte) 'b');
      case '\t' -> raw((byte) 't');
      case '\n' -> raw((byte) 'n');
      case '\f' -> raw((byte) 'f');
      case '\r' -> raw((byte) 'r');
      case '"', '\\' -> raw(character);
      default -> raw(new byte[] {'u', '0', '0', HEX[character >> 4], HEX[character & 0xf]});
    }
  }

  private void raw(byte[] more) {
    raw(more, 0, more.length);
  }

  private void raw(byte[] more, int start, int end) {
    require(end - start);
    System.arraycopy(more, start, bytes, length, end - start);
    length += end - start;
  }

  private void raw(byte one) {
    require(1);
    bytes[length++] = one;
  }

  private void require(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.addExact(length, Math.max(more, length)));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
