package io.vitrine.api.data;

import io.vitrine.image.Image;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The file name that a download suggests to the client. Users choose the text freely, so nothing in
 * it may end the header or leave the directory.
 */
record FileName(String text) {
  private static final String SAFE = "!#$&+-.^_`|~";

  /** The image's name, or its id if it has none. */
  static FileName of(Image image) {
    var name = Objects.requireNonNullElse(image.name(), "").strip();
    return new FileName(name.isEmpty() ? image.id().toString() : name);
  }

  /**
   * The value of a Content-Disposition field (RFC 6266): a plain name for old clients, then the
   * encoded one.
   */
  String disposition() {
    return "attachment; filename=\"%s\"; filename*=UTF-8''%s".formatted(plain(), encoded());
  }

  /** In ASCII, without characters that quote, escape or separate. */
  private String plain() {
    return bare()
        .codePoints()
        .map(c -> c >= ' ' && c < 0x7f && "\"\\%;".indexOf(c) < 0 ? c : '_')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** In UTF-8, percent-encoded (RFC 8187, section 3.2.1). */
  private String encoded() {
    var encoded = new StringBuilder();
    for (byte each : bare().getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || SAFE.indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded.append('%').append("%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }

  /** Without path separators, leading dots, control characters and format characters. */
  private String bare() {
    return text.replaceAll("[/\\\\\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "_").replaceFirst("^\\.+", "_");
  }
}
