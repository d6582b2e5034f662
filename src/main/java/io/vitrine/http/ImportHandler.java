package io.vitrine.http;

import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.bus.Addresses;
import io.vitrine.catalog.ImportRequests;
import io.vitrine.fetch.UriRules;
import io.vitrine.image.HashClaim;
import io.vitrine.image.ImportMethod;
import io.vitrine.image.ImportOrder;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.policy.Rule;
import java.util.List;
import java.util.Optional;

/** Takes requests for imports; a worker carries them out. */
final class ImportHandler {
  private static final String DIGEST = "digest";
  private static final List<String> TAKE_DIGESTS =
      List.of(ImportMethod.GlanceDirect.NAME, ImportMethod.WebDownload.NAME);

  private final ImportRequests imports;
  private final SignedImports signing;
  private final EncryptedImports encryption;
  private final RegionImports regions;
  private final Access access;
  private final ApiOffer offer;
  private final UriRules uris;
  private final EventBus bus;

  ImportHandler(
      ImportRequests imports,
      SignedImports signing,
      EncryptedImports encryption,
      RegionImports regions,
      Access access,
      ApiOffer offer,
      UriRules uris,
      EventBus bus) {
    this.imports = imports;
    this.signing = signing;
    this.encryption = encryption;
    this.regions = regions;
    this.access = access;
    this.offer = offer;
    this.uris = uris;
    this.bus = bus;
  }

  /** {@code POST /v2/images/{id}/import}. */
  void submit(RoutingContext context) {
    var body = Requests.object(context);
    var method = method(body);
    var stores = ImportStores.read(body, Requests.header(context, "X-Image-Meta-Store"), offer);
    boolean allMustSucceed = Requests.flag(body, "all_stores_must_succeed", true);
    var caller = Requests.caller(context);
    var permit = encryption.permit(method, access.permit(caller, rule(method)));
    var id = Requests.imageId(context);
    var request =
        new ImportRequests.Request(Requests.cause(context), IdempotencyHeader.read(context));
    signing
        .prepare(id, caller, permit, Requests.token(context))
        .compose(
            image ->
                regions
                    .prepare(method, context)
                    .map(prepared -> new ImportOrder(prepared, stores, allMustSucceed))
                    .compose(order -> imports.submit(id, caller, permit, order, request))
                    .onSuccess(task -> encryption.claim(image, Requests.token(context))))
        .onSuccess(
            task -> {
              bus.publish(Addresses.IMPORT_WAKE, "");
              context.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=UTF-8");
              Responses.empty(context, 202);
            })
        .onFailure(context::fail);
  }

  private static Rule rule(ImportMethod method) {
    return switch (method) {
      case ImportMethod.GlanceDirect direct -> Rule.MODIFY_IMAGE;
      case ImportMethod.WebDownload web -> Rule.MODIFY_IMAGE;
      case ImportMethod.GlanceDownload region -> Rule.MODIFY_IMAGE;
      case ImportMethod.CopyImage copy -> Rule.COPY_IMAGE;
      case ImportMethod.AtLocation location -> Rule.ADD_IMAGE_LOCATION;
    };
  }

  private ImportMethod method(JsonObject body) {
    if (!(body.getValue("method") instanceof JsonObject method)
        || !(method.getValue("name") instanceof String name)) {
      throw invalid("The import needs a method with a name: {\"method\": {\"name\": …}}.");
    }
    if (!offer.importMethods().contains(name)) {
      throw invalid(
          "The import method '%s' is not one of %s.".formatted(name, offer.importMethods()));
    }
    if (method.containsKey(DIGEST) && !TAKE_DIGESTS.contains(name)) {
      throw invalid("Only the methods %s take a digest.".formatted(TAKE_DIGESTS));
    }
    return switch (name) {
      case ImportMethod.GlanceDirect.NAME -> new ImportMethod.GlanceDirect(digest(method));
      case ImportMethod.CopyImage.NAME -> new ImportMethod.CopyImage();
      case ImportMethod.WebDownload.NAME ->
          new ImportMethod.WebDownload(uris.check(uri(method)), digest(method));
      case ImportMethod.GlanceDownload.NAME -> RegionImports.read(method);
      default -> throw invalid("The import method '%s' is not known.".formatted(name));
    };
  }

  private static Optional<HashClaim> digest(JsonObject method) {
    return switch (method.getValue(DIGEST)) {
      case null -> Optional.empty();
      case String text -> Optional.of(ExpectedDigests.parse(text, "The digest"));
      default -> throw invalid("The digest must be a string.");
    };
  }

  private static String uri(JsonObject method) {
    if (method.getValue("uri") instanceof String uri) {
      return uri;
    }
    throw invalid("The method web-download needs a uri.");
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(new Problem.Invalid(detail));
  }
}
