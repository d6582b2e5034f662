package io.vitrine.api.data;

import io.vitrine.image.Image;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What a client may call the file that it saves an image's data to. It is the user's own choice of
 * text: nothing of it may end the header, or lead to another directory.
 */
record FileName(String text) {
  private static final String SAFE = "!#$&+-.^_`|~";

  /** The image's name, or its id if it has none. */
  static FileName of(Image image) {
    var name = Objects.requireNonNullElse(image.name(), "").strip();
    return new FileName(name.isEmpty() ? image.id().toString() : name);
  }

  /** The value of a Content-Disposition header (RFC 6266), with the name for old clients first. */
  String disposition() {
    return "attachment; filename=\"%s\"; filename*=UTF-8''%s".formatted(plain(), encoded());
  }

  /** In ASCII, without what quotes, escapes or separates. */
  private String plain() {
    return bare()
        .codePoints()
        .map(c -> c >= ' ' && c < 0x7f && "\"\\%;".indexOf(c) < 0 ? c : '_')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** In UTF-8, with percent signs (RFC 8187, 3.2.1). */
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

  /** Without separators of paths, leading dots, and what steers a terminal or turns text around. */
  private String bare() {
    return text.replaceAll("[/\\\\\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "_").replaceFirst("^\\.+", "_");
  }
}
