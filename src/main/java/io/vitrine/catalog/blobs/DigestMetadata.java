package io.vitrine.catalog.blobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.ProblemException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Declared digests in the form of tus metadata. Processes of the version before know the digests of
 * an upload only from there, and go on with uploads of this one during an update.
 */
public final class DigestMetadata {
  /** The key of the metadata; its value is claims, separated by commas. */
  public static final String KEY = "digests";

  private static final Pattern FORM = Pattern.compile(KEY + " ([A-Za-z0-9+/]+={0,2})");

  private DigestMetadata() {}

  /** The metadata that declares digests; empty if there are none. */
  public static Optional<String> of(List<HashClaim> claims) {
    var text = claims.stream().map(HashClaim::text).collect(Collectors.joining(","));
    return claims.isEmpty()
        ? Optional.empty()
        : Optional.of(KEY + " " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
  }

  /** The digests in metadata that declares nothing else; none in other metadata. */
  static List<HashClaim> claims(Optional<String> metadata) {
    try {
      return metadata
          .map(FORM::matcher)
          .filter(Matcher::matches)
          .map(match -> new String(Base64.getDecoder().decode(match.group(1)), UTF_8))
          .map(text -> Stream.of(text.split(",", -1)).map(HashClaim::parse).toList())
          .orElse(List.of());
    } catch (IllegalArgumentException | ProblemException foreign) {
      return List.of();
    }
  }
}
