package io.vitrine.net.address;

import java.util.ArrayList;
import java.util.stream.Collectors;

/** Encodes Unicode labels in letters, digits and hyphens (RFC 3492). */
final class Punycode {
  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int FIRST_BIAS = 72;
  private static final int FIRST = 128;
  private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";

  private Punycode() {}

  static String encode(String label) {
    var input = label.codePoints().toArray();
    var output = new StringBuilder();
    label.codePoints().filter(c -> c < FIRST).forEach(output::appendCodePoint);
    int basic = output.length();
    if (basic > 0) {
      output.append('-');
    }
    int bias = FIRST_BIAS;
    long delta = 0;
    int done = basic;
    for (int n = FIRST; done < input.length; n++) {
      int next = smallest(input, n);
      delta += (long) (next - n) * (done + 1);
      n = next;
      for (int c : input) {
        if (c < n) {
          delta++;
        } else if (c == n) {
          append(output, delta, bias);
          bias = adapted(delta, done + 1, done == basic);
          delta = 0;
          done++;
        }
      }
      delta++;
    }
    return output.toString();
  }

  private static int smallest(int[] input, int least) {
    int result = Integer.MAX_VALUE;
    for (int c : input) {
      if (c >= least && c < result) {
        result = c;
      }
    }
    return result;
  }

  private static void append(StringBuilder output, long delta, int bias) {
    long rest = delta;
    for (int k = BASE; ; k += BASE) {
      int t = Math.clamp(k - (long) bias, T_MIN, T_MAX);
      if (rest < t) {
        output.append(DIGITS.charAt((int) rest));
        return;
      }
      output.append(DIGITS.charAt((int) (t + (rest - t) % (BASE - t))));
      rest = (rest - t) / (BASE - t);
    }
  }

  static String decode(String code) {
    int basic = Math.max(0, code.lastIndexOf('-'));
    var points =
        code.substring(0, basic)
            .codePoints()
            .boxed()
            .collect(Collectors.toCollection(ArrayList::new));
    int n = FIRST;
    long i = 0;
    int bias = FIRST_BIAS;
    for (int at = basic == 0 ? (code.startsWith("-") ? 1 : 0) : basic + 1; at < code.length(); ) {
      long old = i;
      long weight = 1;
      for (int k = BASE; ; k += BASE) {
        int digit = at < code.length() ? DIGITS.indexOf(code.charAt(at++)) : -1;
        if (digit < 0) {
          throw malformed();
        }
        i += digit * weight;
        int t = Math.clamp(k - (long) bias, T_MIN, T_MAX);
        if (digit < t) {
          break;
        }
        weight *= BASE - t;
        if (weight > Integer.MAX_VALUE || i > Integer.MAX_VALUE) {
          throw malformed();
        }
      }
      bias = adapted(i - old, points.size() + 1, old == 0);
      long next = n + i / (points.size() + 1);
      if (next > Character.MAX_CODE_POINT) {
        throw malformed();
      }
      n = (int) next;
      i %= points.size() + 1;
      points.add((int) i++, n);
    }
    var result = new StringBuilder();
    points.forEach(result::appendCodePoint);
    return result.toString();
  }

  private static int adapted(long delta, int count, boolean isFirst) {
    long rest = isFirst ? delta / DAMP : delta / 2;
    rest += rest / count;
    int k = 0;
    while (rest > ((BASE - T_MIN) * T_MAX) / 2) {
      rest /= BASE - T_MIN;
      k += BASE;
    }
    return (int) (k + (BASE - T_MIN + 1) * rest / (rest + SKEW));
  }

  private static UrlException malformed() {
    return new UrlException("its host is not a domain name");
  }
}
