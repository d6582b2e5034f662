package io.vitrine.api.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitrine.api.request.ExpectedDigests;
import io.vitrine.image.location.HashClaim;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the data of an upload must hash to, kept with the upload in the form of tus metadata, where
 * every process that goes on with it finds it.
 */
final class UploadClaims {
  private static final String KEY = "digests";
  private static final Pattern FORM = Pattern.compile(KEY + " ([A-Za-z0-9+/]+={0,2})");

  private UploadClaims() {}

  /** The metadata of an upload; empty if nothing is claimed. */
  static Optional<String> toMetadata(List<HashClaim> claims) {
    var text =
        claims.stream()
            .map(claim -> claim.algorithm().text() + ":" + claim.value())
            .collect(Collectors.joining(","));
    return claims.isEmpty()
        ? Optional.empty()
        : Optional.of(KEY + " " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
  }

  /** The claims in the metadata of an upload; none in that of clients of tus. */
  static List<HashClaim> of(Optional<String> metadata) {
    return metadata
        .map(FORM::matcher)
        .filter(Matcher::matches)
        .map(match -> new String(Base64.getDecoder().decode(match.group(1)), UTF_8))
        .map(text -> Arrays.stream(text.split(",", -1)))
        .map(claims -> claims.map(claim -> ExpectedDigests.parse(claim, KEY)).toList())
        .orElse(List.of());
  }
}
