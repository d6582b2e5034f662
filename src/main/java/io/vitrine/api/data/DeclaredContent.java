package io.vitrine.api.data;

import io.vertx.core.Future;
import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.access.signature.Signatures;
import io.vitrine.image.Image;
import io.vitrine.transfer.bus.Message;
import java.util.Objects;
import java.util.Optional;

/** What images declare of their data: formats, signature, and encryption key. */
public record DeclaredContent(Signatures signatures, EncryptionKeys keys) {
  /**
   * The declared content of an image whose data is uploaded; registers the image with its key.
   *
   * @param token of the user who uploads the data
   */
  public Future<Message.Content> of(Image image, Optional<String> token) {
    var formats =
        new Message.Content(
            Objects.requireNonNull(image.diskFormat()),
            Objects.requireNonNull(image.containerFormat()));
    return signatures
        .find(image, token)
        .onSuccess(found -> keys.claim(image, token))
        .map(formats::signed);
  }
}
