package io.vitrine.catalog.tasks;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.audit.AuditAction;
import io.vitrine.catalog.audit.AuditEntry;
import io.vitrine.catalog.audit.AuditOutcome;
import io.vitrine.catalog.audit.AuditTrail;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Image;
import io.vitrine.image.ImageAccess;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.task.LocationTask;
import io.vitrine.image.task.TaskHead;
import io.vitrine.net.address.Url;
import io.vitrine.notification.ImageEvent;
import io.vitrine.notification.TaskEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Accepts requests to add external locations; a worker verifies the data. */
public final class LocationRequests {
  private final Pool pool;
  private final Outbox outbox;

  /** Requests that notify through the outbox. */
  public LocationRequests(Pool pool, Outbox outbox) {
    this.pool = pool;
    this.outbox = outbox;
  }

  /**
   * The claimed location.
   *
   * @param store the id of the store of kind http
   * @param node the node that handles the request
   */
  public record Claim(Url url, Optional<HashClaim> hash, String store, String node) {}

  /**
   * Gives a queued image its location, unless the claim is refused, and queues the verification;
   * answers the image as it was.
   */
  public Future<Image> submit(ImageAccess access, Function<Image, Claim> claim, TaskOrigin origin) {
    return Transactions.in(
        pool,
        connection ->
            ImageCatalog.lockForChange(connection, access.id(), access.caller(), image -> image)
                .map(LocationRequests::requireQueued)
                .map(access.permit()::require)
                .compose(image -> ImageCatalog.requireIdle(connection, image))
                .compose(
                    image -> queue(connection, access, claim.apply(image), origin).map(image)));
  }

  private static Image requireQueued(Image image) {
    if (image.status() != ImageStatus.QUEUED) {
      throw conflict(
          "It's not allowed to add locations if image status is %s."
              .formatted(image.status().text()));
    }
    if (!image.hasFormats()) {
      throw conflict(
          "Properties disk_format, container_format must be set prior to adding a location.");
    }
    return image;
  }

  private Future<Void> queue(
      SqlConnection connection, ImageAccess access, Claim claim, TaskOrigin origin) {
    var image = access.id();
    var task =
        new NewTask(UUID.randomUUID(), image, LocationTask.TYPE, origin, input(image, claim));
    var place = new ImageLocations.Place(claim.url(), claim.store(), claim.node());
    return ImageLocations.insert(connection, image, place, Map.of())
        .compose(added -> task.insert(connection, access.caller(), new JsonObject()))
        .compose(
            queued ->
                connection
                    .preparedQuery(
                        """
                        update images set status = 'importing', stores = %s, updated_at = now(),
                          properties = properties || jsonb_build_object('os_glance_import_task', $2::text)
                        where id = $1
                        """
                            .formatted(ImageLocations.STORES_SQL))
                    .execute(Tuple.of(image.value(), task.id().toString())))
        .compose(
            marked ->
                AuditTrail.record(
                    connection,
                    AuditEntry.of(image, AuditAction.LOCATION_ADD, AuditOutcome.BEGUN)
                        .with("store", claim.store())
                        .with("task", task.id().toString())))
        .compose(noted -> outbox.task(connection, task.id(), TaskEvent.CREATE))
        .compose(told -> outbox.image(connection, image, ImageEvent.LOCATION, ImageEvent.UPDATE));
  }

  private static JsonObject input(ImageId image, Claim claim) {
    var validation = new JsonObject();
    claim
        .hash()
        .ifPresent(
            hash ->
                validation
                    .put("os_hash_algo", hash.algorithm().text())
                    .put("os_hash_value", hash.value()));
    return new JsonObject()
        .put("image_id", image.toString())
        .put("loc_url", claim.url().toString())
        .put("validation_data", validation);
  }

  /** The inverse of the mapping from a request to a task's input. */
  static LocationTask toTask(TaskHead head, JsonObject input, List<BlobRef> copies) {
    var validation = input.getJsonObject("validation_data");
    var hash =
        validation.isEmpty()
            ? Optional.<HashClaim>empty()
            : Optional.of(
                HashClaim.of(
                    validation.getString("os_hash_algo"), validation.getString("os_hash_value")));
    return new LocationTask(head, Url.parse(input.getString("loc_url")), hash, copies);
  }
}
