package io.vitrine.http;

import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.bus.Addresses;
import io.vitrine.catalog.ImportRequests;
import io.vitrine.fetch.UriRules;
import io.vitrine.image.ImportMethod;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.policy.Rule;
import java.util.List;
import java.util.Optional;

/** Takes requests for imports; a worker carries them out. */
final class ImportHandler {
  private final ImportRequests imports;
  private final Access access;
  private final ApiOffer offer;
  private final UriRules uris;
  private final EventBus bus;

  ImportHandler(
      ImportRequests imports, Access access, ApiOffer offer, UriRules uris, EventBus bus) {
    this.imports = imports;
    this.access = access;
    this.offer = offer;
    this.uris = uris;
    this.bus = bus;
  }

  /** {@code POST /v2/images/{id}/import}. */
  void submit(RoutingContext context) {
    var body = Requests.object(context);
    var method = method(body);
    var store = store(context, body);
    imports
        .submit(
            Requests.imageId(context),
            Requests.caller(context),
            access.permit(Requests.caller(context), rule(method)),
            method,
            store,
            Requests.requestId(context))
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
    return switch (name) {
      case ImportMethod.GlanceDirect.NAME -> new ImportMethod.GlanceDirect();
      case ImportMethod.WebDownload.NAME -> new ImportMethod.WebDownload(uris.check(uri(method)));
      default -> throw invalid("The import method '%s' is not known.".formatted(name));
    };
  }

  private static String uri(JsonObject method) {
    if (method.getValue("uri") instanceof String uri) {
      return uri;
    }
    throw invalid("The method web-download needs a uri.");
  }

  private String store(RoutingContext context, JsonObject body) {
    boolean isEvery = flag(body, "all_stores", false);
    flag(body, "all_stores_must_succeed", true);
    var named = named(body);
    var header = Requests.header(context, "X-Image-Meta-Store");
    if ((isEvery ? 1 : 0) + named.size() + (header.isPresent() ? 1 : 0) > 1 && named.size() < 2) {
      throw invalid("Name the stores in one way only: stores, all_stores or X-Image-Meta-Store.");
    }
    var wanted =
        isEvery ? List.copyOf(offer.stores().keySet()) : header.map(List::of).orElse(named);
    for (var store : wanted) {
      if (!offer.stores().containsKey(store)) {
        throw new ProblemException(
            new Problem.Conflict(
                "There is no store '%s'; use one of %s."
                    .formatted(store, offer.stores().keySet())));
      }
    }
    if (wanted.size() > 1) {
      throw new ProblemException(
          new Problem.NotOffered("An import goes to one store; name one of %s.".formatted(wanted)));
    }
    return wanted.isEmpty() ? offer.defaultStore() : wanted.getFirst();
  }

  private static List<String> named(JsonObject body) {
    return switch (Optional.ofNullable(body.getValue("stores")).orElse(new JsonArray())) {
      case JsonArray array when array.stream().allMatch(String.class::isInstance) ->
          array.stream().map(String.class::cast).toList();
      default -> throw invalid("stores must be a list of ids.");
    };
  }

  private static boolean flag(JsonObject body, String key, boolean otherwise) {
    return switch (Optional.ofNullable(body.getValue(key)).orElse(otherwise)) {
      case Boolean flag -> flag;
      default -> throw invalid("%s must be true or false.".formatted(key));
    };
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(new Problem.Invalid(detail));
  }
}
