package io.vitrine.api.uploads;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.tooLarge;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.ExpectedDigests;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.blobs.DigestMetadata;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a client asks for when it creates an upload.
 *
 * @param length of the whole data in bytes; empty if the client says it later
 * @param metadata the client's, as it sent it
 * @param purpose whether the data is the image's, or staged for an import
 * @param store the store that the data is for; empty: the default one
 * @param concat whether it is a part, or joins such
 * @param digests what the whole data must hash to; none of a part, which is not the whole
 */
record NewUpload(
    Optional<Long> length,
    Optional<String> metadata,
    BlobRef.Purpose purpose,
    Optional<String> store,
    Concat concat,
    List<HashClaim> digests) {
  /** Visible characters of ASCII. */
  private static final Pattern KEY = Pattern.compile("[!-~]+");

  private static final String FORM =
      "Upload-Metadata must be pairs of a key and a value in Base64, separated by commas.";

  /** Copies the list. */
  NewUpload {
    digests = List.copyOf(digests);
  }

  /** Reads the headers of a request. */
  static NewUpload of(RoutingContext context, long maxBytes) {
    var concat = Concat.of(context);
    var metadata = Requests.header(context, Tus.METADATA).filter(text -> !text.isBlank());
    var pairs = metadata.map(NewUpload::pairs).orElseGet(Map::of);
    return new NewUpload(
        concat instanceof Concat.Joined ? noLength(context) : length(context, maxBytes),
        metadata,
        purpose(pairs.getOrDefault("kind", "file")),
        Requests.header(context, "X-Image-Meta-Store")
            .or(() -> Optional.ofNullable(pairs.get("store"))),
        concat,
        concat instanceof Concat.Part ? List.of() : digests(context, pairs));
  }

  /** Clients of tus send their headers with every part, so a part must take those of the whole. */
  private static List<HashClaim> digests(RoutingContext context, Map<String, String> pairs) {
    var digests = new ArrayList<>(ExpectedDigests.ofWhole(context));
    Optional.ofNullable(pairs.get(DigestMetadata.KEY)).stream()
        .flatMap(text -> Stream.of(text.split(",", -1)))
        .map(text -> ExpectedDigests.parse(text, DigestMetadata.KEY))
        .forEach(digests::add);
    return digests;
  }

  boolean isPart() {
    return concat instanceof Concat.Part;
  }

  private static Optional<Long> noLength(RoutingContext context) {
    if (Requests.header(context, Tus.LENGTH).isPresent()
        || Requests.header(context, Tus.DEFER_LENGTH).isPresent()
        || Requests.hasBody(context)) {
      throw invalid("An upload that joins others has neither a length nor data of its own.");
    }
    return Optional.empty();
  }

  private static Optional<Long> length(RoutingContext context, long maxBytes) {
    var length = Tus.bytes(context, Tus.LENGTH);
    var deferred = Requests.header(context, Tus.DEFER_LENGTH);
    if (length.isPresent() == deferred.isPresent() || !deferred.orElse("1").equals("1")) {
      throw invalid("Give either Upload-Length, or Upload-Defer-Length: 1.");
    }
    requireSize(length, maxBytes);
    return length;
  }

  /** Refuses a length beyond that of the largest image. */
  static void requireSize(Optional<Long> length, long maxBytes) {
    if (length.isPresent() && length.get() > maxBytes) {
      throw tooLarge(
          "Upload-Length is %d, but the largest image may have %d bytes."
              .formatted(length.get(), maxBytes));
    }
  }

  private static Map<String, String> pairs(String text) {
    var pairs = new HashMap<String, String>();
    for (var pair : text.split(",", -1)) {
      var parts = pair.strip().split(" +", 2);
      var value = parts.length == 2 ? decode(parts[1]) : "";
      if (!KEY.matcher(parts[0]).matches() || pairs.put(parts[0], value) != null) {
        throw invalid(FORM);
      }
    }
    return pairs;
  }

  private static String decode(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64.strip()), UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw invalid(FORM);
    }
  }

  /** How clients name what the data is for. */
  static String kind(BlobRef.Purpose purpose) {
    return switch (purpose) {
      case IMAGE -> "file";
      case STAGING -> "stage";
    };
  }

  private static BlobRef.Purpose purpose(String kind) {
    return switch (kind) {
      case "file" -> BlobRef.Purpose.IMAGE;
      case "stage" -> BlobRef.Purpose.STAGING;
      default -> throw invalid("The kind of an upload is file or stage, not '%s'.".formatted(kind));
    };
  }
}
