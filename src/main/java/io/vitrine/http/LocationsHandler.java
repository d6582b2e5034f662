package io.vitrine.http;

import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.bus.Addresses;
import io.vitrine.catalog.ImageCatalog;
import io.vitrine.catalog.LocationRequests;
import io.vitrine.fetch.UriRules;
import io.vitrine.image.Caller;
import io.vitrine.image.HashClaim;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.policy.Rule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the data of an image lies: {@code /v2/images/{id}/locations}. */
final class LocationsHandler {
  private final ImageCatalog catalog;
  private final LocationRequests requests;
  private final LocationViews views;
  private final Access access;
  private final ApiOffer offer;
  private final UriRules uris;
  private final EventBus bus;
  private final String node;

  LocationsHandler(
      ImageCatalog catalog,
      LocationRequests requests,
      LocationViews views,
      UriRules uris,
      EventBus bus,
      String node) {
    this.catalog = catalog;
    this.requests = requests;
    this.views = views;
    this.access = views.access();
    this.offer = views.offer();
    this.uris = uris;
    this.bus = bus;
    this.node = node;
  }

  /** {@code GET}: best store first. */
  void list(RoutingContext context) {
    var caller = Requests.caller(context);
    catalog
        .get(Requests.imageId(context), caller)
        .map(image -> access.permit(caller, Rule.FETCH_IMAGE_LOCATION).require(image))
        .compose(image -> views.locations().of(image.id()))
        .onSuccess(
            known ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=UTF-8")
                    .end(views.toJson(offer.byWeight(known)).toBuffer()))
        .onFailure(context::fail);
  }

  /** {@code POST}: a worker checks the data. */
  void add(RoutingContext context) {
    var body = Requests.object(context);
    if (!(body.getValue("url") instanceof String url)) {
      throw invalid("A location needs a url.");
    }
    var hash = hash(body.getValue("validation_data"));
    var caller = Requests.caller(context);
    var permit = access.permit(caller, Rule.ADD_IMAGE_LOCATION);
    requests
        .submit(
            Requests.imageId(context),
            caller,
            permit,
            image -> claim(caller, url, hash),
            Requests.requestId(context))
        .onSuccess(
            queued -> {
              bus.publish(Addresses.IMPORT_WAKE, "");
              Responses.empty(context, 202);
            })
        .onFailure(context::fail);
  }

  /** Whoever is not a service may only name what can be fetched from other servers. */
  private LocationRequests.Claim claim(Caller caller, String url, Optional<HashClaim> hash) {
    boolean isOpen = offer.webStore().isPresent() && url.matches("(?i)https?://.*");
    if (!isOpen && !caller.roles().contains("service")) {
      throw new ProblemException(
          new Problem.Forbidden(
              "Only http and https locations are allowed, and only with an http store."));
    }
    if (!isOpen) {
      throw invalid("The location is in no store of this service.");
    }
    return new LocationRequests.Claim(uris.check(url), hash, offer.webStore().orElseThrow(), node);
  }

  private static Optional<HashClaim> hash(@Nullable Object validation) {
    return switch (validation) {
      case null -> Optional.empty();
      case JsonObject data when data.isEmpty() -> Optional.empty();
      case JsonObject data
          when data.getValue("os_hash_algo") instanceof String algorithm
              && data.getValue("os_hash_value") instanceof String value ->
          Optional.of(new HashClaim(algorithm, value));
      default -> throw invalid("validation_data needs both os_hash_algo and os_hash_value.");
    };
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(new Problem.Invalid(detail));
  }
}
