package io.vitrine.signature;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.EncryptionProperties;
import io.vitrine.image.Image;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of encrypted images. The key manager is told which images need a key, and whoever makes
 * an image leaves it to the image whether its key goes with it. Whatever becomes of the keys fails
 * nothing: it is only logged.
 *
 * @param keyManager what keeps the keys; without one they are left alone
 */
public record EncryptionKeys(Optional<Barbican> keyManager) {
  private static final Logger log = LoggerFactory.getLogger(EncryptionKeys.class);
  private static final String JSON = "application/json";

  /** A key of an image, and with whose rights it is looked after. */
  private record Key(Barbican keeper, UUID id, Image image, Optional<String> token) {
    Barbican.Request consumer(HttpMethod method) {
      var consumer =
          new JsonObject()
              .put("service", "image")
              .put("resource_type", "image")
              .put("resource_id", image.id().toString());
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
    return EncryptionProperties.of(image.properties())
        .map(declared -> find(declared, image, token).compose(EncryptionKeys::claim))
        .orElseGet(() -> Future.succeededFuture(false))
        .otherwise(failure -> logged(image, "is not known to need its key", failure));
  }

  private static Future<Boolean> claim(Optional<Key> found) {
    return found
        .map(
            key ->
                key.keeper()
                    .send(key.consumer(HttpMethod.POST), EncryptionKeys::requireDone)
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
                find(declared, image, token)
                    .compose(found -> release(found, declared.isKeyDeletedWithImage())))
        .orElseGet(() -> Future.succeededFuture(false))
        .otherwise(failure -> logged(image, "is gone, and its key is not deleted", failure));
  }

  private static Future<Boolean> release(Optional<Key> found, boolean isDeleted) {
    return found
        .map(
            key ->
                key.keeper()
                    .send(key.consumer(HttpMethod.DELETE), EncryptionKeys::isNeeded)
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
        : key.keeper().send(key.deletion(), EncryptionKeys::requireDeleted).map(true);
  }

  private Future<Optional<Key>> find(
      EncryptionProperties declared, Image image, Optional<String> token) {
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

  private static boolean logged(Image image, String what, Throwable failure) {
    log.warn("the encrypted image {} {}: {}", image.id(), what, failure.toString());
    return false;
  }
}
