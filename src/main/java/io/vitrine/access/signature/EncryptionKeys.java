package io.vitrine.access.signature;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.EncryptionProperties;
import io.vitrine.image.Image;
import io.vitrine.image.ImageChange;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of encrypted images. The key manager is told which images need a key: those that name it
 * and have data, or are getting some. Whoever makes an image leaves it to the image whether its key
 * goes with it. Whatever becomes of the keys fails nothing: it is only logged.
 *
 * @param keyManager what keeps the keys; without one they are left alone
 */
public record EncryptionKeys(Optional<Barbican> keyManager) {
  private static final Logger log = LoggerFactory.getLogger(EncryptionKeys.class);

  /** The image's data is there or under way, and with it the claim. */
  private static final Set<ImageStatus> NEEDING =
      EnumSet.of(
          ImageStatus.SAVING, ImageStatus.IMPORTING, ImageStatus.ACTIVE, ImageStatus.DEACTIVATED);

  private static final String JSON = "application/json";

  /** A key of an image, and with whose rights it is looked after. */
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
      return new Barbican.Request(HttpMethod.DELETE, id, "", JSON, token);
    }
  }

  /**
   * Tells the key manager that an image needs its key, if it has one; answers whether it was told.
   *
   * @param token of who gave the image its data
   */
  public Future<Boolean> claim(Image image, Optional<String> token) {
    return claim(image.id(), image.properties(), token);
  }

  /**
   * As above.
   *
   * @param properties those that the image has now or is about to have
   */
  public Future<Boolean> claim(
      ImageId image, Map<String, @Nullable String> properties, Optional<String> token) {
    return EncryptionProperties.of(properties)
        .map(declared -> find(declared, image, token).compose(EncryptionKeys::claim))
        .orElseGet(() -> Future.succeededFuture(false))
        .otherwise(failure -> logged(image, "is not known to need its key", failure));
  }

  /**
   * Tells the key manager of the key that a change took from an image, and of the one it gave to an
   * image that has data or is getting some; answers whether it was told of that.
   *
   * @param token of who changed the image
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
        .otherwise(failure -> logged(image.id(), "still counts as needing its old key", failure));
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
   * Tells the key manager that an image that is gone needs its key no more, and deletes the key if
   * the image says so and nobody else needs it; answers whether a key was deleted.
   *
   * @param token of who deleted the image
   */
  public Future<Boolean> delete(Image image, Optional<String> token) {
    return EncryptionProperties.of(image.properties())
        .map(
            declared ->
                find(declared, image.id(), token)
                    .compose(found -> release(found, declared.isKeyDeletedWithImage())))
        .orElseGet(() -> Future.succeededFuture(false))
        .otherwise(failure -> logged(image.id(), "is gone, and its key is not deleted", failure));
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

  /** Whether others still need the key: the answer to a consumer's leave tells who is left. */
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
      case 401, 403 -> Future.failedFuture("who deleted the image must not delete it");
      case 404 -> Future.failedFuture("the key manager does not have it");
      default -> Future.failedFuture("the key manager answered " + response.statusCode());
    };
  }

  private static boolean logged(ImageId image, String what, Throwable failure) {
    log.warn("the encrypted image {} {}: {}", image, what, failure.toString());
    return false;
  }
}
