package io.vitrine.api.images;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.json.JsonObject;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.ProblemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request to add a location.
 *
 * @param validation the algorithm and value of a digest of the data, if the client claims one
 */
record LocationOrder(String url, Optional<JsonObject> validation) {
  private static final String ALGORITHM = "os_hash_algo";
  private static final String VALUE = "os_hash_value";

  /**
   * Reads the body.
   *
   * @throws ProblemException invalid
   */
  static LocationOrder read(JsonObject body) {
    if (!(body.getValue("url") instanceof String url)) {
      throw invalid("A location needs a url.");
    }
    return new LocationOrder(url, validation(body.getValue("validation_data")));
  }

  private static Optional<JsonObject> validation(@Nullable Object validation) {
    return switch (validation) {
      case null -> Optional.empty();
      case JsonObject data when data.isEmpty() -> Optional.empty();
      case JsonObject data
          when data.size() == 2
              && data.getValue(ALGORITHM) instanceof String algorithm
              && HashClaim.isKnown(algorithm)
              && data.getValue(VALUE) instanceof String value
              && value.length() <= HashClaim.MAX_LENGTH ->
          Optional.of(data);
      default ->
          throw invalid(
              "validation_data needs os_hash_algo (md5, sha1, sha256 or sha512) and os_hash_value,"
                  + " of at most 128 characters, and nothing else.");
    };
  }

  /** The claimed digest. */
  Optional<HashClaim> hash() {
    return validation.map(data -> HashClaim.of(data.getString(ALGORITHM), data.getString(VALUE)));
  }
}
