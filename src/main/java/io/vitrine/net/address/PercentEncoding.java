package io.vitrine.net.address;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** The percent-encode sets of the URL standard. */
enum PercentEncoding {
  CONTROL(""),
  FRAGMENT(" \"<>`"),
  QUERY(" \"#<>"),
  SPECIAL_QUERY(" \"#<>'"),
  PATH(" \"#<>?^`{}"),
  USER_INFO(" \"#<>?^`{}/:;=@[\\]|");

  private static final String DIGITS = "0123456789ABCDEF";

  private final String encoded;

  PercentEncoding(String encoded) {
    this.encoded = encoded;
  }

  private boolean isEncoded(int c) {
    return c <= 0x1f || c > 0x7e || encoded.indexOf(c) >= 0;
  }

  /** Encodes the characters of the set; encoded ones stay as they are. */
  String encode(String text) {
    if (text.codePoints().noneMatch(this::isEncoded)) {
      return text;
    }
    var result = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (isEncoded(c)) {
                for (byte each : Character.toString(c).getBytes(UTF_8)) {
                  result.append('%').append(DIGITS.charAt((each >> 4) & 15));
                  result.append(DIGITS.charAt(each & 15));
                }
              } else {
                result.appendCodePoint(c);
              }
            });
    return result.toString();
  }

  /** The decoded text; a percent sign without two hexadecimal digits stands for itself. */
  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var bytes = text.getBytes(UTF_8);
    var decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && high >= 0 && low >= 0) {
        decoded.write(high << 4 | low);
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    return decoded.toString(UTF_8);
  }
}
