package io.vitrine.api.imports;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.request.ExpectedDigests;
import io.vitrine.api.request.Requests;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.image.Image;
import io.vitrine.image.Permit;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportPlan;
import io.vitrine.image.task.ImportRequest;
import java.util.List;
import java.util.Optional;

/**
 * The body of an import request. Its form is checked at once, the rest in Glance's order.
 *
 * @param storeHeader the store in {@code X-Image-Meta-Store}
 * @param digest the expected digest of the data
 */
record ImportForm(
    JsonObject body,
    String methodName,
    Optional<HashClaim> digest,
    Optional<String> storeHeader,
    Permit permit,
    ImportRules rules)
    implements ImportRequest {
  private static final String DIGEST = "digest";
  private static final List<String> TAKE_DIGESTS =
      List.of(ImportMethod.GlanceDirect.NAME, ImportMethod.WebDownload.NAME);

  /**
   * The name of the requested import method.
   *
   * @throws ProblemException ProblemException invalid if there is none, or it is not offered
   */
  static String methodName(JsonObject body, ApiCapabilities capabilities) {
    if (!(body.getValue("method") instanceof JsonObject method)
        || !(method.getValue("name") instanceof String name)) {
      throw invalid("The import needs a method with a name: {\"method\": {\"name\": …}}.");
    }
    if (!capabilities.importMethods().contains(name)) {
      throw invalid(
          "The import method '%s' is not one of %s.".formatted(name, capabilities.importMethods()));
    }
    return name;
  }

  /**
   * Checks what does not depend on the image.
   *
   * @throws ProblemException invalid
   */
  static ImportForm read(
      JsonObject body, Optional<String> storeHeader, Permit permit, ImportRules rules) {
    var name = methodName(body, rules.capabilities());
    Requests.flag(body, "all_stores_must_succeed", true);
    Requests.flag(body, "all_stores", false);
    var digest = digest(body.getJsonObject("method"), name);
    return new ImportForm(body, name, digest, storeHeader, permit, rules);
  }

  private static Optional<HashClaim> digest(JsonObject method, String name) {
    if (method.containsKey(DIGEST) && !TAKE_DIGESTS.contains(name)) {
      throw invalid("Only the methods %s take a digest.".formatted(TAKE_DIGESTS));
    }
    return switch (method.getValue(DIGEST)) {
      case null -> Optional.empty();
      case String text -> Optional.of(ExpectedDigests.parse(text, "The digest"));
      default -> throw invalid("The digest must be a string.");
    };
  }

  @Override
  public Image permit(Image image) {
    region();
    return permit.require(image);
  }

  /** The image of another region, if the method is {@code glance-download}. */
  Optional<ImportMethod.GlanceDownload> region() {
    return methodName.equals(ImportMethod.GlanceDownload.NAME)
        ? Optional.of(RegionImports.read(body.getJsonObject("method")))
        : Optional.empty();
  }

  @Override
  public ImportPlan plan(Image image) {
    var stores = ImportStores.read(body, storeHeader, rules.capabilities()).storesFor(image);
    return new ImportPlan(method(), stores, Requests.flag(body, "all_stores_must_succeed", true));
  }

  private ImportMethod method() {
    return switch (methodName) {
      case ImportMethod.GlanceDirect.NAME -> new ImportMethod.GlanceDirect(digest);
      case ImportMethod.CopyImage.NAME -> new ImportMethod.CopyImage();
      case ImportMethod.WebDownload.NAME ->
          new ImportMethod.WebDownload(
              rules.uris().check(uri(body.getJsonObject("method"))), digest);
      default ->
          region()
              .orElseThrow(
                  () -> invalid("The import method '%s' is not known.".formatted(methodName)));
    };
  }

  private static String uri(JsonObject method) {
    if (method.getValue("uri") instanceof String uri) {
      return uri;
    }
    throw invalid("The method web-download needs a uri.");
  }
}
