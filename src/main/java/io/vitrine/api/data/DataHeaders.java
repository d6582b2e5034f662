package io.vitrine.api.data;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import io.vitrine.image.Digests;
import io.vitrine.image.Image;
import io.vitrine.image.location.ByteRange;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The header fields of image data, in requests and responses (RFC 9110, sections 8, 13 and 14). */
final class DataHeaders {
  private static final String CONTENT_MD5 = "Content-MD5";
  private static final String CONTENT_DISPOSITION = "Content-Disposition";
  private static final String REPR_DIGEST = "Repr-Digest";
  private static final List<CharSequence> DESCRIPTION =
      List.of(
          CONTENT_MD5,
          CONTENT_DISPOSITION,
          REPR_DIGEST,
          HttpHeaders.ETAG,
          HttpHeaders.ACCEPT_RANGES,
          HttpHeaders.CONTENT_TYPE,
          HttpHeaders.CONTENT_LENGTH,
          HttpHeaders.CONTENT_RANGE);

  private DataHeaders() {}

  /** Sets the fields that describe an image's data, or the given range of it. */
  static void describe(
      HttpServerResponse response, Image image, Optional<ByteRange> range, long size) {
    describe(response, image);
    response.putHeader(CONTENT_DISPOSITION, FileName.of(image).disposition());
    range.ifPresent(
        part ->
            response.putHeader(
                HttpHeaders.CONTENT_RANGE,
                "bytes %d-%d/%d".formatted(part.offset(), part.last(), size)));
    response.putHeader(
        HttpHeaders.CONTENT_LENGTH, String.valueOf(range.map(ByteRange::length).orElse(size)));
  }

  /** Sets the fields that are the same for every range of an image's data. */
  static void describe(HttpServerResponse response, Image image) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
    if (image.digests() != null) {
      // Hexadecimal, unlike RFC 1864, because clients of Glance expect it.
      Optional.ofNullable(image.digests().md5())
          .ifPresent(md5 -> response.putHeader(CONTENT_MD5, md5));
      reprDigest(image.digests()).ifPresent(text -> response.putHeader(REPR_DIGEST, text));
      response.putHeader(HttpHeaders.ETAG, etag(image));
    }
  }

  /** Whether the request asks for a range, in either notation. */
  static boolean asksForPart(RoutingContext context) {
    var headers = context.request().headers();
    return headers.contains("Range") || headers.contains(HttpHeaders.CONTENT_RANGE);
  }

  /** Removes the fields again when the data turns out to be unavailable. */
  static void remove(HttpServerResponse response) {
    if (!response.headWritten()) {
      DESCRIPTION.forEach(response.headers()::remove);
    }
  }

  /** Whether the client has this data already (RFC 9110, 13.1.2). */
  static boolean matches(RoutingContext context, Image image) {
    return image.digests() != null
        && Requests.header(context, "If-None-Match").stream()
            .flatMap(tags -> Arrays.stream(tags.split(",")))
            .map(String::strip)
            .anyMatch(
                tag ->
                    tag.equals("*") || tag.equals(etag(image)) || tag.equals("W/" + etag(image)));
  }

  /** The requested range; empty if {@code If-Range} names other data, which calls for all of it. */
  static Optional<ByteRange> range(RoutingContext context, Image image, long size) {
    boolean isSame =
        Requests.header(context, "If-Range")
            .map(validator -> image.digests() != null && validator.equals(etag(image)))
            .orElse(true);
    if (!isSame) {
      return Optional.empty();
    }
    return Requests.header(context, "Range")
        .map(header -> ByteRange.ofHeader(header, size))
        .or(
            () ->
                Requests.header(context, "Content-Range")
                    .map(header -> ByteRange.ofLegacyHeader(header, size)));
  }

  /** The digest of the whole data, even when only a range is sent (RFC 9530). */
  private static Optional<String> reprDigest(Digests digests) {
    return Optional.ofNullable(digests.sha256())
        .map(sha256 -> HexFormat.of().parseHex(sha256))
        .map(bytes -> "sha-256=:%s:".formatted(Base64.getEncoder().encodeToString(bytes)));
  }

  private static String etag(Image image) {
    return image.digests() == null ? "" : '"' + image.digests().value() + '"';
  }
}
