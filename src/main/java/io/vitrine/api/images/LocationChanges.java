package io.vitrine.api.images;

import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.tooLarge;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.data.DataRemoval;
import io.vitrine.api.request.Access;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.Permit;
import io.vitrine.image.edit.ImageChange;
import io.vitrine.image.location.Location;
import io.vitrine.image.location.LocationChange;
import io.vitrine.image.location.LocationEdit;
import io.vitrine.image.problem.ProblemException;
import java.util.EnumSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Changes the locations of images, as patches of the images ask. */
public final class LocationChanges {
  private final LocationViews views;
  private final LocationPatch patches;
  private final DataRemoval removal;
  private final String node;
  private final Access access;
  private final ApiCapabilities capabilities;

  /** Changes locations; {@code node} is recorded as the node that added a location. */
  public LocationChanges(
      LocationViews views, LocationPatch patches, DataRemoval removal, String node) {
    this.views = views;
    this.patches = patches;
    this.removal = removal;
    this.node = node;
    this.access = views.access();
    this.capabilities = views.capabilities();
  }

  /** The operations of a patch, divided into those on locations and the others. */
  record Prepared(Caller caller, Permit permit, JsonArray own, JsonArray others) {}

  /**
   * Reads what does not depend on the image.
   *
   * @throws ProblemException forbidden if the deployment does not show locations
   */
  Prepared prepare(Caller caller, JsonArray operations) {
    if (!capabilities.showsLocations()) {
      throw forbidden("It's not allowed to change locations if locations are invisible.");
    }
    var others = new JsonArray(operations.stream().filter(it -> !LocationPatch.isOne(it)).toList());
    var own = new JsonArray(operations.stream().filter(LocationPatch::isOne).toList());
    return new Prepared(caller, permit(caller, own), own, others);
  }

  /** Changes metadata and locations in one transaction. */
  Future<ImageChange> apply(Image image, Prepared patch, UnaryOperator<Image> metadata) {
    return Future.succeededFuture(image)
        .map(patch.permit()::require)
        .map(permitted -> requireFew(permitted, patch.own()))
        .compose(
            permitted ->
                patches
                    .read(patch.own())
                    .compose(
                        changes ->
                            update(
                                permitted,
                                patch,
                                (now, known) -> edit(metadata.apply(now), known, changes))))
        .onSuccess(changed -> removal.collect());
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
      Image image, Prepared patch, BiFunction<Image, List<Location>, ImageLocations.Edited> edit) {
    return removal
        .inUse()
        .refuse(image.id(), known -> edit.apply(image, known).locations().removed())
        .compose(
            free -> views.locations().update(image.id(), patch.caller(), patch.permit(), edit));
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
}
