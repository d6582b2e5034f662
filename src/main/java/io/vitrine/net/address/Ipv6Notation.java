package io.vitrine.net.address;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** IPv6 addresses in any notation of RFC 4291, written as in RFC 5952. */
final class Ipv6Notation {
  private static final int PIECES = 8;
  private static final Pattern PIECE = Pattern.compile("[0-9a-fA-F]{1,4}");
  private static final Pattern DOTTED_QUAD =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.|$)){4}(?<!\\.)");

  private Ipv6Notation() {}

  /** The address without brackets, its longest run of zeros compressed. */
  static String canonical(String text) {
    int gap = text.indexOf("::");
    var pieces = new ArrayList<Integer>();
    if (gap < 0) {
      pieces.addAll(pieces(text, true));
    } else {
      pieces.addAll(pieces(text.substring(0, gap), false));
      var end = pieces(text.substring(gap + 2), true);
      int missing = PIECES - pieces.size() - end.size();
      if (missing < 1) {
        throw malformed();
      }
      for (int i = 0; i < missing; i++) {
        pieces.add(0);
      }
      pieces.addAll(end);
    }
    if (pieces.size() != PIECES) {
      throw malformed();
    }
    return written(pieces);
  }

  /** The 16-bit pieces; the last two may be written as an IPv4 address. */
  private static List<Integer> pieces(String text, boolean isEnd) {
    var result = new ArrayList<Integer>();
    var parts = text.isEmpty() ? new String[0] : text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      if (isEnd && i == parts.length - 1 && DOTTED_QUAD.matcher(parts[i]).matches()) {
        var bytes = Arrays.stream(parts[i].split("\\.", -1)).map(Integer::valueOf).toList();
        result.add(bytes.get(0) << 8 | bytes.get(1));
        result.add(bytes.get(2) << 8 | bytes.get(3));
      } else if (PIECE.matcher(parts[i]).matches()) {
        result.add(Integer.parseInt(parts[i], 16));
      } else {
        throw malformed();
      }
    }
    return result;
  }

  private static String written(List<Integer> pieces) {
    int start = 0;
    int length = 1; // a single zero is not compressed
    for (int i = 0; i < PIECES; i++) {
      int zeros = 0;
      while (i + zeros < PIECES && pieces.get(i + zeros) == 0) {
        zeros++;
      }
      if (zeros > length) {
        start = i;
        length = zeros;
      }
    }
    return length == 1
        ? joined(pieces)
        : joined(pieces.subList(0, start)) + "::" + joined(pieces.subList(start + length, PIECES));
  }

  private static String joined(List<Integer> pieces) {
    return pieces.stream().map(Integer::toHexString).collect(Collectors.joining(":"));
  }

  private static UrlException malformed() {
    return new UrlException("its host is not an IPv6 address");
  }
}
