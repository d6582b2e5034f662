package io.vitrine.api.images;

import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.tooLarge;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.api.data.DataInUse;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.tasks.LocationRequests;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageChange;
import io.vitrine.image.Permit;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.location.Location;
import io.vitrine.image.location.LocationChange;
import io.vitrine.image.location.LocationEdit;
import io.vitrine.transfer.bus.Addresses;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The locations of an image: {@code /v2/images/{id}/locations}. */
public final class LocationsHandler {
  private static final String ALGORITHM = "os_hash_algo";
  private static final String VALUE = "os_hash_value";

  private final ImageCatalog catalog;
  private final LocationRequests requests;
  private final LocationViews views;
  private final Access access;
  private final ApiCapabilities capabilities;
  private final WebStores webStores;
  private final LocationPatch patches;
  private final EncryptionKeys keys;
  private final DataInUse dataInUse;
  private final EventBus bus;
  private final String node;

  /** Creates the handler; {@code node} is recorded as the node that added a location. */
  public LocationsHandler(
      ImageCatalog catalog,
      LocationRequests requests,
      LocationViews views,
      LocationPatch patches,
      EncryptionKeys keys,
      DataInUse dataInUse,
      EventBus bus,
      String node) {
    this.catalog = catalog;
    this.requests = requests;
    this.views = views;
    this.access = views.access();
    this.capabilities = views.capabilities();
    this.webStores = patches.stores();
    this.patches = patches;
    this.keys = keys;
    this.dataInUse = dataInUse;
    this.bus = bus;
    this.node = node;
  }

  /** {@code GET}: the locations, in the order of their stores' weight. */
  public void list(RoutingContext context) {
    var caller = Requests.caller(context);
    catalog
        .get(Requests.imageId(context), caller)
        .map(image -> access.permit(caller, Rule.FETCH_IMAGE_LOCATION).require(image))
        .compose(image -> views.locations().of(image.id()))
        .onSuccess(
            known -> Responses.json(context, 200, views.toJson(capabilities.byWeight(known))))
        .onFailure(context::fail);
  }

  /** {@code POST}: adds a location; a worker checks the data afterwards. */
  public void add(RoutingContext context) {
    var body = Requests.object(context);
    if (!(body.getValue("url") instanceof String url)) {
      throw invalid("A location needs a url.");
    }
    var validation = validation(body.getValue("validation_data"));
    var caller = Requests.caller(context);
    var permit = access.permit(caller, Rule.ADD_IMAGE_LOCATION);
    requests
        .submit(
            Requests.imageId(context),
            caller,
            permit,
            image -> claim(caller, url, validation),
            Requests.taskOrigin(context))
        .onSuccess(
            image -> {
              keys.claim(image, Requests.token(context));
              bus.publish(Addresses.IMPORT_WAKE, "");
              Responses.empty(context, 202);
            })
        .onFailure(context::fail);
  }

  /**
   * {@code PATCH} of the image, if it changes locations: metadata and locations change in one
   * transaction.
   */
  Future<ImageChange> patch(
      RoutingContext context, JsonArray operations, BiFunction<JsonArray, Image, Image> metadata) {
    if (!capabilities.showsLocations()) {
      throw forbidden("It's not allowed to change locations if locations are invisible.");
    }
    var id = Requests.imageId(context);
    var caller = Requests.caller(context);
    var others = new JsonArray(operations.stream().filter(it -> !LocationPatch.isOne(it)).toList());
    var own = new JsonArray(operations.stream().filter(LocationPatch::isOne).toList());
    var permit = permit(caller, own);
    return catalog
        .get(id, caller)
        .map(permit::require)
        .map(image -> requireFew(image, own))
        .compose(
            image ->
                patches
                    .read(own)
                    .compose(
                        changes ->
                            update(
                                image,
                                caller,
                                permit,
                                (now, known) -> edit(metadata.apply(others, now), known, changes))))
        .onSuccess(changed -> bus.publish(Addresses.GARBAGE_WAKE, ""));
  }

  /** Checks the quota before the servers of all new locations are asked for sizes. */
  private Image requireFew(Image image, JsonArray operations) {
    int added = operations.stream().mapToInt(LocationPatch::added).sum();
    long removed = operations.stream().filter(LocationPatch::isRemoval).count();
    if (added - removed > capabilities.locating().quota()) {
      throw tooLarge(
          "The limit has been exceeded on the number of allowed image locations. Attempted: %d, Maximum: %d"
              .formatted(added, capabilities.locating().quota()));
    }
    return image;
  }

  /** Edits the image twice: once to learn whether removed data is in use, then for good. */
  private Future<ImageChange> update(
      Image image,
      Caller caller,
      Permit permit,
      BiFunction<Image, List<Location>, ImageLocations.Edited> edit) {
    return dataInUse
        .refuse(image.id(), known -> edit.apply(image, known).locations().removed())
        .compose(free -> views.locations().update(image.id(), caller, permit, edit));
  }

  /** The permits; removing a location has a rule of its own. */
  private Permit permit(Caller caller, JsonArray operations) {
    var rules = EnumSet.of(Rule.MODIFY_IMAGE);
    operations.forEach(
        operation ->
            rules.add(
                LocationPatch.isRemoval(operation)
                    ? Rule.DELETE_IMAGE_LOCATION
                    : Rule.SET_IMAGE_LOCATION));
    return image -> {
      rules.forEach(rule -> access.permit(caller, rule).require(image));
      return image;
    };
  }

  private ImageLocations.Edited edit(
      Image image, List<Location> known, List<LocationChange> changes) {
    var edit =
        new LocationEdit(
            image, capabilities.byWeight(known), views::url, capabilities.locating().quota());
    changes.forEach(edit::apply);
    return new ImageLocations.Edited(image, edit, node);
  }

  /**
   * The claim; callers that are not services may only name what can be fetched from web servers.
   */
  private LocationRequests.Claim claim(Caller caller, String url, Optional<JsonObject> validation) {
    boolean isOpen = !webStores.isEmpty() && url.matches("(?i)https?://.*");
    if (!isOpen && !caller.roles().contains("service")) {
      throw forbidden("Only http and https locations are allowed, and only with an http store.");
    }
    var hash = validation.map(LocationsHandler::hash);
    if (!isOpen) {
      throw invalid("The location is in no store of this service.");
    }
    var place = webStores.place(url, Optional.empty());
    return new LocationRequests.Claim(place.url(), hash, place.store().id(), node);
  }

  private static HashClaim hash(JsonObject validation) {
    return HashClaim.of(validation.getString(ALGORITHM), validation.getString(VALUE));
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
}
