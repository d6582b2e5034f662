package io.vitrine.api.imports;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.identity.Identity;
import io.vitrine.api.request.Requests;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.RegionAccess;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Imports from other regions, found in the caller's service catalog. */
public record RegionImports(Identity identity) {
  private static final Pattern UUID_FORM =
      Pattern.compile(
          "\\p{XDigit}{8}-?\\p{XDigit}{4}-?\\p{XDigit}{4}-?\\p{XDigit}{4}-?\\p{XDigit}{12}");

  /** Parses the request; looks nothing up yet. */
  static ImportMethod.GlanceDownload read(JsonObject method) {
    var region = text(method, "glance_region");
    var image = text(method, "glance_image_id");
    if (!UUID_FORM.matcher(image).matches()) {
      throw invalid("Remote image id does not look like a UUID: " + image);
    }
    return new ImportMethod.GlanceDownload(
        region,
        uuid(image),
        method.containsKey("glance_service_interface")
            ? text(method, "glance_service_interface")
            : "public",
        Optional.empty());
  }

  /**
   * The endpoint and token to read from the other region, resolved while the caller's token is at
   * hand. An unknown region fails the import later, as in Glance.
   */
  Future<Optional<RegionAccess>> access(
      ImportMethod.GlanceDownload download, RoutingContext context) {
    var token = Requests.token(context);
    return token.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : identity
            .imageEndpoint(
                context.request().headers(), download.region(), download.serviceInterface())
            .map(endpoint -> endpoint.map(found -> new RegionAccess(found, token.get())));
  }

  private static UUID uuid(String text) {
    var digits = text.replace("-", "");
    return new UUID(
        Long.parseUnsignedLong(digits, 0, 16, 16), Long.parseUnsignedLong(digits, 16, 32, 16));
  }

  private static String text(JsonObject method, String key) {
    if (method.getValue(key) instanceof String text) {
      return text;
    }
    throw invalid("The method glance-download needs a %s.".formatted(key));
  }
}
