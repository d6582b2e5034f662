package io.vitrine.access.signature;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.edit.EncryptionProperties;
import io.vitrine.image.edit.ImageChange;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers encrypted images as consumers of their keys in the key manager. An image is a consumer
 * while it names the key and has data, or is getting some. A property of the image says whether its
 * key is deleted with it. Failures are only logged.
 *
 * @param keyManager what keeps the keys; if empty, nothing is registered
 */
public record EncryptionKeys(Optional<Barbican> keyManager) {
  private static final Logger log = LoggerFactory.getLogger(EncryptionKeys.class);

  /** The statuses in which the image has data, or is getting some. */
  private static final Set<ImageStatus> NEEDING =
      EnumSet.of(
          ImageStatus.SAVING, ImageStatus.IMPORTING, ImageStatus.ACTIVE, ImageStatus.DEACTIVATED);

  private static final String JSON = "application/json";

  /** A key of an image, and the token with which it is accessed. */
  private record Key(Barbican keeper, UUID id, ImageId image, Optional<String> token) {
    Barbican.Request consumer(HttpMethod method) {
      var consumer =
          new JsonObject()
              .put("service", "image")
              .put("resource_type", "image")
              .put("resource_id", image.toString());
      return new Barbican.Request(method, id, "/consumers", JSON, token, Optional.of(consumer));
    }

    Barbican.Request deletion() {
      return Barbican.Request.delete(id, JSON, token);
    }
  }

  /**
   * Registers the image as a consumer of its key, if it has one; returns whether it did.
   *
   * @param token of the user who uploads the data
   */
  public Future<Boolean> claim(Image image, Optional<String> token) {
    return claim(image.id(), image.properties(), token);
  }

  /**
   * As above.
   *
   * @param properties those that the image has or is about to have
   */
  public Future<Boolean> claim(
      ImageId image, Map<String, @Nullable String> properties, Optional<String> token) {
    return EncryptionProperties.of(properties)
        .map(declared -> find(declared, image, token).compose(EncryptionKeys::claim))
        .orElseGet(() -> Future.succeededFuture(false))
        .otherwise(
            failure -> logged(image, "Cannot register an encrypted image with its key", failure));
  }

  /**
   * Removes the consumer from the key that a change took from an image, and registers it with the
   * new key if the image has data or is getting some; returns whether it registered.
   *
   * @param token of the user who changed the image
   */
  public Future<Boolean> follow(ImageChange change, Optional<String> token) {
    boolean isSame = keyOf(change.before()).equals(keyOf(change.after()));
    boolean isKnown = isSame && NEEDING.contains(change.before().status());
    boolean isNeeded = NEEDING.contains(change.after().status());
    return (isSame ? Future.succeededFuture(false) : leave(change.before(), token))
        .compose(
            left ->
                isNeeded && !isKnown
                    ? claim(change.after(), token)
                    : Future.succeededFuture(false));
  }

  private static Optional<String> keyOf(Image image) {
    return EncryptionProperties.of(image.properties()).map(EncryptionProperties::keyId);
  }

  private Future<Boolean> leave(Image image, Optional<String> token) {
    return EncryptionProperties.of(image.properties())
        .map(declared -> find(declared, image.id(), token).compose(found -> release(found, false)))
        .orElseGet(() -> Future.succeededFuture(false))
        .otherwise(
            failure ->
                logged(image.id(), "Cannot release the old key of an encrypted image", failure));
  }

  private static Future<Boolean> claim(Optional<Key> found) {
    return found
        .map(
            key ->
                key.keeper()
                    .insist(key.consumer(HttpMethod.POST), EncryptionKeys::requireDone)
                    .map(true))
        .orElseGet(() -> Future.succeededFuture(false));
  }

  /**
   * Removes a deleted image as a consumer, and deletes the key if the image says so and no other
   * consumer is left; returns whether it deleted the key.
   *
   * @param token of the user who deleted the image
   */
  public Future<Boolean> delete(Image image, Optional<String> token) {
    return EncryptionProperties.of(image.properties())
        .map(
            declared ->
                find(declared, image.id(), token)
                    .compose(found -> release(found, declared.isKeyDeletedWithImage())))
        .orElseGet(() -> Future.succeededFuture(false))
        .otherwise(
            failure -> logged(image.id(), "Cannot delete the key of a deleted image", failure));
  }

  private static Future<Boolean> release(Optional<Key> found, boolean isDeleted) {
    return found
        .map(
            key ->
                key.keeper()
                    .insist(key.consumer(HttpMethod.DELETE), EncryptionKeys::isNeeded)
                    .otherwise(unknown -> false)
                    .compose(isNeeded -> delete(key, isDeleted, isNeeded)))
        .orElseGet(() -> Future.succeededFuture(false));
  }

  private static Future<Boolean> delete(Key key, boolean isDeleted, boolean isNeeded) {
    if (!isDeleted) {
      return Future.succeededFuture(false);
    }
    return isNeeded
        ? Future.failedFuture("others need it")
        : key.keeper().insist(key.deletion(), EncryptionKeys::requireDeleted).map(true);
  }

  private Future<Optional<Key>> find(
      EncryptionProperties declared, ImageId image, Optional<String> token) {
    if (keyManager.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return SignatureProperties.parseId(declared.keyId())
        .map(id -> new Key(keyManager.get(), id, image, token))
        .map(key -> Future.succeededFuture(Optional.of(key)))
        .orElseGet(() -> Future.failedFuture("its id is not a UUID"));
  }

  /** Whether consumers are left, by the answer to the removal of one. */
  private static Future<Boolean> isNeeded(HttpClientResponse response) {
    return response.statusCode() == 200
        ? response
            .body()
            .map(body -> body.toJsonObject().getJsonArray("consumers", new JsonArray()))
            .map(consumers -> !consumers.isEmpty())
        : Future.succeededFuture(false);
  }

  private static Future<Void> requireDone(HttpClientResponse response) {
    return response.statusCode() == 200
        ? Future.succeededFuture()
        : Future.failedFuture("the key manager answered " + response.statusCode());
  }

  private static Future<Void> requireDeleted(HttpClientResponse response) {
    return switch (response.statusCode()) {
      case 204 -> Future.succeededFuture();
      case 401, 403 -> Future.failedFuture("the user may not delete the key");
      case 404 -> Future.failedFuture("the key manager does not have it");
      default -> Future.failedFuture("the key manager answered " + response.statusCode());
    };
  }

  private static boolean logged(ImageId image, String what, Throwable failure) {
    log.atWarn().addKeyValue("image_id", image).addKeyValue("error", failure.toString()).log(what);
    return false;
  }
}
