package io.vitrine.net.address;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The notations of IPv4 addresses that resolvers have accepted since the 1980s: one to four
 * numbers, each decimal, octal with a leading 0, or hexadecimal with 0x.
 */
final class Ipv4Notation {
  private static final Pattern DECIMAL = Pattern.compile("[0-9]+");
  private static final Pattern OCTAL = Pattern.compile("0[0-7]*");
  private static final Pattern HEXADECIMAL = Pattern.compile("0[xX][0-9a-fA-F]*");
  private static final long TOO_LARGE = 1L << 40;

  private Ipv4Notation() {}

  /** Whether the host must be an IPv4 address: no domain name ends in a number. */
  static boolean isMeant(String host) {
    var last = parts(host).getLast();
    return DECIMAL.matcher(last).matches() || HEXADECIMAL.matcher(last).matches();
  }

  /** The address as four decimal numbers. */
  static String canonical(String host) {
    var numbers = parts(host).stream().map(Ipv4Notation::number).toList();
    int count = numbers.size();
    long last = numbers.getLast();
    if (count > 4
        || numbers.subList(0, count - 1).stream().anyMatch(number -> number > 255)
        || last >= 1L << (8 * (5 - count))) {
      throw new UrlException("its host is a number but not an IPv4 address");
    }
    for (int i = 0; i < count - 1; i++) {
      last += numbers.get(i) << (8 * (3 - i));
    }
    return "%d.%d.%d.%d".formatted(last >> 24, (last >> 16) & 255, (last >> 8) & 255, last & 255);
  }

  /** The parts, without an empty one after a final dot. */
  private static List<String> parts(String host) {
    var parts = new ArrayList<>(Arrays.asList(host.split("\\.", -1)));
    if (parts.size() > 1 && parts.getLast().isEmpty()) {
      parts.removeLast();
    }
    return parts;
  }

  private static long number(String part) {
    if (HEXADECIMAL.matcher(part).matches()) {
      return number(part.substring(2), 16);
    }
    if (OCTAL.matcher(part).matches()) {
      return number(part, 8);
    }
    if (DECIMAL.matcher(part).matches() && !part.startsWith("0")) {
      return number(part, 10);
    }
    throw new UrlException("its host is a number but not an IPv4 address");
  }

  private static long number(String digits, int radix) {
    long result = 0;
    for (int i = 0; i < digits.length() && result < TOO_LARGE; i++) {
      result = result * radix + Character.digit(digits.charAt(i), radix);
    }
    return result;
  }
}
