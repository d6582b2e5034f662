package io.vitrine.image.location;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vitrine.image.problem.ProblemException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The digest that a user claims for data, in lower-case hexadecimal; only its form has been
 * checked.
 */
public record HashClaim(String algorithm, String value) {
  /** The longest value of any algorithm. */
  public static final int MAX_LENGTH = 128;

  /** The number of hexadecimal digits of each algorithm, by its name in the API. */
  private static final Map<String, Integer> DIGITS =
      Map.of("md5", 32, "sha1", 40, "sha256", 64, "sha512", 128);

  private static final Map<String, String> JAVA_NAMES =
      Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256", "sha512", "SHA-512");

  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]+");

  /**
   * Checks the form.
   *
   * @throws ProblemException invalid
   */
  public HashClaim {
    value = value.toLowerCase(Locale.ROOT);
    var digits = DIGITS.get(algorithm);
    if (digits == null) {
      throw invalid("os_hash_algo must be one of md5, sha1, sha256, sha512.");
    }
    if (!HEXADECIMAL.matcher(value).matches() || value.length() != digits) {
      throw invalid(
          "os_hash_value must be %d hexadecimal digits for %s.".formatted(digits, algorithm));
    }
  }

  /** Whether an algorithm of that name is supported. */
  public static boolean isKnown(String algorithm) {
    return DIGITS.containsKey(algorithm);
  }

  /** The algorithm's JCA name. */
  public String javaAlgorithm() {
    return Objects.requireNonNull(JAVA_NAMES.get(algorithm));
  }

  /** The message for data whose digest differs from the claim. */
  public String mismatch(String found) {
    return "The data does not have the %s digest that was expected: it is %s."
        .formatted(algorithm, found);
  }
}
