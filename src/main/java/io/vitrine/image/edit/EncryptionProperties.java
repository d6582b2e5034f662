package io.vitrine.image.edit;

import io.vitrine.image.ImageId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an image's properties say about the encryption of its data (OpenStack, "Standardize Image
 * Encryption and Decryption"). The properties that Cinder sets on images of encrypted volumes mean
 * the same.
 *
 * @param keyId the key in the key manager
 * @param isKeyDeletedWithImage whether deleting the image deletes the key
 */
public record EncryptionProperties(String keyId, boolean isKeyDeletedWithImage) {
  private static final String KEY_ID = "os_encrypt_key_id";
  private static final String DELETION_POLICY = "os_encrypt_key_deletion_policy";
  private static final String DECRYPTED_SIZE = "os_decrypt_size";
  private static final List<String> KEY_IDS = List.of(KEY_ID, "cinder_encryption_key_id");
  private static final List<String> DELETION_POLICIES =
      List.of(DELETION_POLICY, "cinder_encryption_key_deletion_policy");
  private static final Set<String> DELETING = Set.of("on_image_deletion", "true");
  private static final Set<String> KEEPING = Set.of("do_not_delete", "false");

  /** The encryption that these properties declare; empty if they declare none. */
  public static Optional<EncryptionProperties> of(Map<String, @Nullable String> properties) {
    return first(properties, KEY_IDS)
        .map(
            key ->
                new EncryptionProperties(
                    key,
                    first(properties, DELETION_POLICIES)
                        .map(policy -> DELETING.contains(policy.toLowerCase(Locale.ROOT)))
                        .orElse(false)));
  }

  private static Optional<String> first(
      Map<String, @Nullable String> properties, List<String> names) {
    return names.stream()
        .flatMap(name -> Optional.ofNullable(properties.get(name)).stream())
        .findFirst();
  }

  /** The reason why the value of an encryption property is invalid; empty if it is valid. */
  static Optional<String> fault(String name, String value) {
    return switch (name) {
      case KEY_ID ->
          unless(ImageId.parse(value).isPresent(), "must be the UUID of a key in the key manager");
      case DELETION_POLICY ->
          unless(isPolicy(value), "must be on_image_deletion, do_not_delete, True or False");
      case DECRYPTED_SIZE -> unless(value.matches("[0-9]{1,18}"), "must be a number of bytes");
      default -> Optional.empty();
    };
  }

  private static boolean isPolicy(String value) {
    var policy = value.toLowerCase(Locale.ROOT);
    return DELETING.contains(policy) || KEEPING.contains(policy);
  }

  private static Optional<String> unless(boolean isValid, String fault) {
    return isValid ? Optional.empty() : Optional.of(fault);
  }
}
