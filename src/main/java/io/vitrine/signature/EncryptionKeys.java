package io.vitrine.signature;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vitrine.image.Image;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of encrypted volumes that images were made of. The volume service leaves it to the image
 * whether its key goes with it.
 *
 * @param keyManager what keeps the keys; without one they are left alone
 */
public record EncryptionKeys(Optional<Barbican> keyManager) {
  private static final Logger log = LoggerFactory.getLogger(EncryptionKeys.class);
  private static final String ID = "cinder_encryption_key_id";
  private static final String POLICY = "cinder_encryption_key_deletion_policy";
  private static final String WITH_IMAGE = "on_image_deletion";

  /**
   * Deletes the key of an image that is gone, if it says so. The image stays gone whatever becomes
   * of the key: failures are only logged, and the answer is whether a key was deleted.
   *
   * @param token of who deleted the image
   */
  public Future<Boolean> delete(Image image, Optional<String> token) {
    var key = image.properties().get(ID);
    if (keyManager.isEmpty() || key == null || !WITH_IMAGE.equals(image.properties().get(POLICY))) {
      return Future.succeededFuture(false);
    }
    return SignatureProperties.parseId(key)
        .map(id -> new Barbican.Request(HttpMethod.DELETE, id, "", "application/json", token))
        .map(request -> keyManager.get().send(request, EncryptionKeys::requireDeleted))
        .orElseGet(() -> Future.failedFuture("its id is not a UUID"))
        .map(true)
        .otherwise(
            failure -> {
              log.warn(
                  "the encryption key of the deleted image {} is not deleted: {}",
                  image.id(),
                  failure.toString());
              return false;
            });
  }

  private static Future<Void> requireDeleted(HttpClientResponse response) {
    return switch (response.statusCode()) {
      case 204 -> Future.succeededFuture();
      case 401, 403 -> Future.failedFuture("who deleted the image must not delete it");
      case 404 -> Future.failedFuture("the key manager does not have it");
      default -> Future.failedFuture("the key manager answered " + response.statusCode());
    };
  }
}
