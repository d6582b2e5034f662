package io.vitrine.net.address;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Domain names in ASCII by UTS #46 without transitional processing, so that names with the German ß
 * and the like stay distinct; underscores and hyphens are allowed anywhere. The mapping is
 * compatibility composition and lower case, by the Unicode version of the running JDK. The rules
 * for bidirectional text and joiners are left to registries.
 */
final class DomainName {
  private static final String ENCODED = "xn--";
  private static final Pattern DOTS = Pattern.compile("[.\\u3002\\uff0e\\uff61]");

  /** Code points that UTS #46 removes from names. */
  private static final Pattern IGNORED =
      Pattern.compile(
          "[\\u00ad\\u034f\\u180b-\\u180f\\u200b\\u2060\\u2064\\ufe00-\\ufe0f\\ufeff\\x{e0100}-\\x{e01ef}]");

  private DomainName() {}

  static String toAscii(String domain) {
    if (isAscii(domain)) {
      return domain; // even with labels that decode to nothing: no name server has them
    }
    return Arrays.stream(DOTS.split(mapped(domain), -1))
        .map(DomainName::label)
        .collect(Collectors.joining("."));
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static String mapped(String text) {
    var visible = IGNORED.matcher(text).replaceAll("");
    return normal(lowerCase(normal(lowerCase(visible))));
  }

  private static String normal(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC);
  }

  /** Character by character: in whole words, Java maps a final sigma differently. */
  private static String lowerCase(String text) {
    return text.codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String label(String label) {
    if (label.startsWith(ENCODED)) {
      requireEncoded(label.substring(ENCODED.length()));
      return label;
    }
    if (isAscii(label)) {
      return label;
    }
    requireValid(label);
    return ENCODED + Punycode.encode(label);
  }

  private static void requireEncoded(String code) {
    var label = Punycode.decode(code);
    if (isAscii(label) || !mapped(label).equals(label) || !Punycode.encode(label).equals(code)) {
      throw invalid();
    }
    requireValid(label);
  }

  private static void requireValid(String label) {
    boolean isValid =
        !isMark(label.codePointAt(0)) && label.codePoints().allMatch(DomainName::isAllowed);
    if (!isValid) {
      throw invalid();
    }
  }

  private static boolean isMark(int character) {
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  private static boolean isAllowed(int character) {
    return switch (Character.getType(character)) {
      case Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      case Character.CONTROL -> false;
      case Character.FORMAT -> character == 0x200c || character == 0x200d; // joiners
      default -> character != 0xfffd && character != '.';
    };
  }

  private static UrlException invalid() {
    return new UrlException("its host is not a domain name");
  }
}
