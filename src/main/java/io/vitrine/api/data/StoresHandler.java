package io.vitrine.api.data;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.ApiTerms;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.api.schema.StoreDescription;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.image.Permit;
import io.vitrine.image.location.StoreState;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Lists the stores, and removes images from one of them. */
public final class StoresHandler {

  private final ImageLocations locations;
  private final Access access;
  private final ApiCapabilities capabilities;
  private final Function<String, StoreState> states;
  private final DataRemoval removal;

  /** Creates the handler; {@code states} gives this node's view of a store by its id. */
  public StoresHandler(
      ImageLocations locations,
      ApiTerms terms,
      Function<String, StoreState> states,
      DataRemoval removal) {
    this.locations = locations;
    this.access = terms.access();
    this.capabilities = terms.capabilities();
    this.states = states;
    this.removal = removal;
  }

  /** {@code GET /v2/info/stores}. */
  public void list(RoutingContext context) {
    var stores = new JsonArray();
    capabilities.stores().forEach((id, store) -> stores.add(describe(id, store)));
    Responses.json(context, 200, new JsonObject().put("stores", stores));
  }

  /**
   * {@code GET /v2/info/stores/detail}; {@code ?health=true} adds the state of each store, which
   * Glance does not have.
   */
  public void detail(RoutingContext context) {
    access.require(Requests.caller(context), Rule.STORES_INFO_DETAIL, Map.of());
    boolean withHealth = "true".equals(context.queryParams().get("health"));
    var stores = new JsonArray();
    capabilities
        .stores()
        .forEach(
            (id, store) -> {
              var described =
                  describe(id, store)
                      .put("type", store.kind())
                      .put("weight", store.weight())
                      .put("properties", new JsonObject(store.properties()));
              if (withHealth) {
                described.put("health", health(states.apply(id)));
              }
              stores.add(described);
            });
    Responses.json(context, 200, new JsonObject().put("stores", stores));
  }

  private static JsonObject health(StoreState state) {
    return state.isUp()
        ? new JsonObject().put("state", "up")
        : new JsonObject()
            .put("state", "down")
            .put("reason", state.reason())
            .put("since", state.since().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** Describes a store; booleans are strings, as clients of Glance expect. */
  private JsonObject describe(String id, StoreDescription store) {
    var json = new JsonObject().put("id", id);
    if (!store.description().isEmpty()) {
      json.put("description", store.description());
    }
    if (id.equals(capabilities.defaultStore())) {
      json.put("default", "true");
    }
    if (!store.isWritable()) {
      json.put("read-only", "true");
    }
    return json;
  }

  /** {@code DELETE /v2/stores/{store}/{image}}. */
  public void remove(RoutingContext context) {
    var store = requireKnown(Objects.requireNonNullElse(context.pathParam("store"), ""));
    var caller = Requests.caller(context);
    var reading = access.permit(caller, Rule.GET_IMAGE_LOCATION);
    var deleting = access.permit(caller, Rule.DELETE_IMAGE_LOCATION);
    Permit permit = image -> deleting.require(reading.require(image));
    var id = Requests.imageId(context);
    removal
        .inUse()
        .refuse(
            id,
            caller,
            image -> ImageLocations.requireRemovable(permit.require(image), store),
            store::equals)
        .compose(free -> locations.remove(id, caller, permit, store))
        .onSuccess(
            removed -> {
              removal.collect();
              Responses.empty(context, 204);
            })
        .onFailure(context::fail);
  }

  private String requireKnown(String store) {
    if (capabilities.stores().containsKey(store)) {
      return store;
    }
    throw conflict(
        "There is no store '%s'; use one of %s.".formatted(store, capabilities.stores().keySet()));
  }
}
