package io.vitrine.image.location;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.problem.ProblemException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The digest that a user claims for data, in lower-case hexadecimal; only its form has been
 * checked.
 */
public record HashClaim(HashAlgorithm algorithm, String value) {
  /** The longest value of any algorithm. */
  public static final int MAX_LENGTH = HashAlgorithm.SHA512.digits();

  /** What users may claim. */
  private static final Set<HashAlgorithm> CLAIMABLE =
      Set.of(HashAlgorithm.MD5, HashAlgorithm.SHA1, HashAlgorithm.SHA256, HashAlgorithm.SHA512);

  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]+");

  /**
   * Checks the form.
   *
   * @throws ProblemException invalid
   */
  public HashClaim {
    value = value.toLowerCase(Locale.ROOT);
    if (!HEXADECIMAL.matcher(value).matches() || value.length() != algorithm.digits()) {
      throw invalid(
          "os_hash_value must be %d hexadecimal digits for %s."
              .formatted(algorithm.digits(), algorithm.text()));
    }
  }

  /**
   * A claim by the names of the API.
   *
   * @throws ProblemException invalid
   */
  public static HashClaim of(String algorithm, String value) {
    var known =
        claimable(algorithm)
            .orElseThrow(() -> invalid("os_hash_algo must be one of md5, sha1, sha256, sha512."));
    return new HashClaim(known, value);
  }

  /**
   * Reads what {@link #text} writes.
   *
   * @throws ProblemException invalid
   */
  public static HashClaim parse(String text) {
    int colon = text.indexOf(':');
    return of(text.substring(0, Math.max(0, colon)), text.substring(colon + 1));
  }

  /** The algorithm, a colon and the digits. */
  public String text() {
    return algorithm.text() + ":" + value;
  }

  /** Whether users may claim a digest of this algorithm. */
  public static boolean isKnown(String algorithm) {
    return claimable(algorithm).isPresent();
  }

  private static Optional<HashAlgorithm> claimable(String algorithm) {
    return HashAlgorithm.find(algorithm).filter(CLAIMABLE::contains);
  }

  /** The message for data whose digest differs from the claim. */
  public String mismatch(String found) {
    return "The data does not have the expected %s digest: it is %s."
        .formatted(algorithm.text(), found);
  }
}
