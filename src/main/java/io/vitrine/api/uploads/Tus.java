package io.vitrine.api.uploads;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.unsupportedContent;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.blobs.Upload;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.HashClaim;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The headers of the tus protocol, version 1.0.0 (https://tus.io/protocols/resumable-upload). */
final class Tus {
  static final String VERSION = "1.0.0";
  static final String RESUMABLE = "Tus-Resumable";
  static final String LENGTH = "Upload-Length";
  static final String OFFSET = "Upload-Offset";
  static final String METADATA = "Upload-Metadata";
  static final String DEFER_LENGTH = "Upload-Defer-Length";
  static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

  private static final String EXTENSIONS =
      "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,concatenation";
  private static final List<HashAlgorithm> CHECKSUMS =
      List.of(HashAlgorithm.SHA1, HashAlgorithm.SHA256, HashAlgorithm.SHA512, HashAlgorithm.MD5);
  private static final String CHECKSUM = "Upload-Checksum";
  private static final String CHECKSUM_FORM =
      "Upload-Checksum must be sha1, sha256, sha512 or md5, a space, and the digest in Base64.";
  private static final Pattern BYTES = Pattern.compile("[0-9]{1,18}");
  private static final String PART_TYPE = "application/offset+octet-stream";

  private Tus() {}

  /** Puts the version on every answer, and refuses requests of others. */
  static void handle(RoutingContext context) {
    context.response().putHeader(RESUMABLE, VERSION);
    boolean isOther =
        !context.request().method().name().equals("OPTIONS")
            && !VERSION.equals(context.request().getHeader(RESUMABLE));
    if (isOther) {
      context.response().putHeader("Tus-Version", VERSION);
      context.fail(412);
    } else {
      context.next();
    }
  }

  /** Describes the protocol to a client that asks. */
  static void describe(HttpServerResponse response, long maxBytes) {
    response
        .putHeader("Tus-Version", VERSION)
        .putHeader("Tus-Extension", EXTENSIONS)
        .putHeader("Tus-Max-Size", String.valueOf(maxBytes))
        .putHeader(
            "Tus-Checksum-Algorithm",
            String.join(",", CHECKSUMS.stream().map(HashAlgorithm::text).toList()));
  }

  /** Says how far an upload is. */
  static void describe(HttpServerResponse response, Upload upload) {
    response
        .putHeader(OFFSET, String.valueOf(upload.received()))
        .putHeader("Upload-Expires", date(upload.expiresAt()));
  }

  /** A date of HTTP (RFC 9110, section 5.6.7). */
  private static String date(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  /** A header that counts bytes. */
  static Optional<Long> bytes(RoutingContext context, String name) {
    return Requests.header(context, name).map(text -> bytes(name, text));
  }

  private static long bytes(String name, String text) {
    if (!BYTES.matcher(text).matches()) {
      throw invalid("%s must be a whole number of bytes, not '%s'.".formatted(name, text));
    }
    return Long.parseLong(text);
  }

  /** Requires the type of the parts of uploads of a request that brings data already. */
  static void requirePartIfAny(RoutingContext context) {
    boolean isTyped = context.request().headers().contains(HttpHeaders.CONTENT_TYPE);
    if (Requests.hasBody(context) || (isTyped && Requests.mayHaveBody(context))) {
      requirePart(context);
    }
  }

  /** Requires the type of the parts of uploads. */
  static void requirePart(RoutingContext context) {
    var type = Requests.mediaType(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
    if (!type.equals(PART_TYPE)) {
      throw unsupportedContent("Data of uploads must be sent as %s.".formatted(PART_TYPE));
    }
  }

  /** How many bytes the body has; empty if the client does not say it. */
  static Optional<Long> bodyBytes(RoutingContext context) {
    return Requests.mayHaveBody(context)
        ? bytes(context, HttpHeaders.CONTENT_LENGTH.toString())
        : Optional.of(0L);
  }

  /** What the body must hash to. */
  static Optional<HashClaim> checksum(RoutingContext context) {
    return Requests.header(context, CHECKSUM).map(Tus::checksum);
  }

  private static HashClaim checksum(String text) {
    var parts = text.strip().split(" +", 2);
    var algorithm = HashAlgorithm.find(parts[0]).filter(CHECKSUMS::contains);
    if (algorithm.isEmpty() || parts.length < 2) {
      throw invalid(CHECKSUM_FORM);
    }
    try {
      var digest = Base64.getDecoder().decode(parts[1]);
      if (digest.length == algorithm.get().bytes()) {
        return new HashClaim(algorithm.get(), HexFormat.of().formatHex(digest));
      }
    } catch (IllegalArgumentException malformed) {
      throw invalid(CHECKSUM_FORM);
    }
    throw invalid(CHECKSUM_FORM);
  }
}
