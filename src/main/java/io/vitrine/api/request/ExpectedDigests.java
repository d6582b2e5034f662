package io.vitrine.api.request;

import io.vertx.ext.web.RoutingContext;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.ProblemException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The digests that clients expect of data. Data with another digest is refused. */
public final class ExpectedDigests {
  /** The header of this service: an algorithm and hexadecimal digits. */
  static final String HEADER = "X-OpenStack-Image-Digest";

  /**
   * The fields of RFC 9530; both cover the same bytes if a request brings all data, as data has no
   * content coding.
   */
  private static final String REPRESENTATION = "Repr-Digest";

  private static final String CONTENT = "Content-Digest";

  private static final String FORM = "sha256, sha512 or md5, a colon and hexadecimal digits";
  private static final String STANDARD_FORM =
      "sha-256=:…:, sha-512=:…: or md5=:…: with the digest in Base64, separated by commas";

  private static final Set<HashAlgorithm> ALGORITHMS =
      Set.of(HashAlgorithm.SHA256, HashAlgorithm.SHA512, HashAlgorithm.MD5);

  /** A member of a Dictionary whose values are Byte Sequences (RFC 9651). */
  private static final Pattern MEMBER =
      Pattern.compile("([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;[^,\"]*)?");

  private ExpectedDigests() {}

  /** The digests in the headers of a request with a body. */
  public static List<HashClaim> ofBody(RoutingContext context) {
    var claims = new ArrayList<>(ofWhole(context));
    claims.addAll(ofContent(context));
    return List.copyOf(claims);
  }

  /** Those of all the data, of which the body may be a part. */
  public static List<HashClaim> ofWhole(RoutingContext context) {
    var claims = new ArrayList<HashClaim>();
    Requests.header(context, HEADER).map(text -> parse(text, HEADER)).ifPresent(claims::add);
    claims.addAll(ofStandard(context, REPRESENTATION));
    return List.copyOf(claims);
  }

  /** Those of the body, which may be a part of the data. */
  public static List<HashClaim> ofContent(RoutingContext context) {
    return ofStandard(context, CONTENT);
  }

  private static List<HashClaim> ofStandard(RoutingContext context, String name) {
    var lines = context.request().headers().getAll(name);
    return lines.isEmpty() ? List.of() : ofStandard(name, String.join(",", lines));
  }

  /**
   * Parses {@code sha256:<hexadecimal digits>}.
   *
   * @param name the field's name in error messages
   */
  public static HashClaim parse(String text, String name) {
    int colon = text.indexOf(':');
    var algorithm = colon < 0 ? "" : text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    return HashAlgorithm.find(algorithm)
        .filter(ALGORITHMS::contains)
        .flatMap(known -> claim(known, text.substring(colon + 1).strip()))
        .orElseThrow(() -> invalid(name, FORM));
  }

  /** Ignores unknown algorithms, provided at least one is known. */
  private static List<HashClaim> ofStandard(String name, String value) {
    var claims = new ArrayList<HashClaim>();
    for (var member : value.split(",", -1)) {
      var match = MEMBER.matcher(member.strip());
      if (!match.matches()) {
        throw invalid(name, STANDARD_FORM);
      }
      // The names of RFC 9530 are Java's in lower case.
      var algorithm =
          HashAlgorithm.findJava(match.group(1).toUpperCase(Locale.ROOT))
              .filter(ALGORITHMS::contains);
      if (algorithm.isPresent()) {
        claims.add(
            decode(match.group(2))
                .flatMap(digits -> claim(algorithm.get(), digits))
                .orElseThrow(() -> invalid(name, STANDARD_FORM)));
      }
    }
    if (claims.isEmpty()) {
      throw invalid(name, STANDARD_FORM);
    }
    return claims;
  }

  private static Optional<String> decode(String base64) {
    try {
      return Optional.of(HexFormat.of().formatHex(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<HashClaim> claim(HashAlgorithm algorithm, String digits) {
    try {
      return Optional.of(new HashClaim(algorithm, digits));
    } catch (ProblemException malformed) {
      return Optional.empty();
    }
  }

  private static ProblemException invalid(String name, String form) {
    return ProblemException.invalid("%s must be of the form: %s.".formatted(name, form));
  }
}
