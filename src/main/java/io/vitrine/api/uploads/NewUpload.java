package io.vitrine.api.uploads;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.tooLarge;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import io.vitrine.image.location.BlobRef;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a client asks for when it creates an upload.
 *
 * @param length of the whole data in bytes; empty if the client says it later
 * @param metadata the client's, as it sent it
 * @param purpose whether the data is the image's, or staged for an import
 * @param store the store that the data is for; empty: the default one
 * @param concat whether it is a part, or joins such
 */
record NewUpload(
    Optional<Long> length,
    Optional<String> metadata,
    BlobRef.Purpose purpose,
    Optional<String> store,
    Concat concat) {
  /** Visible characters of ASCII. */
  private static final Pattern KEY = Pattern.compile("[!-~]+");

  private static final String FORM =
      "Upload-Metadata must be pairs of a key and a value in Base64, separated by commas.";

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
        concat);
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

  private static BlobRef.Purpose purpose(String kind) {
    return switch (kind) {
      case "file" -> BlobRef.Purpose.IMAGE;
      case "stage" -> BlobRef.Purpose.STAGING;
      default -> throw invalid("The kind of an upload is file or stage, not '%s'.".formatted(kind));
    };
  }
}
