package io.vitrine.image;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an image says of the encryption of its data (OpenStack, "Standardize Image Encryption and
 * Decryption"). What Cinder has always noted on images of encrypted volumes says the same.
 *
 * @param keyId the key in the key manager
 * @param isKeyDeletedWithImage whether the key is of no use without the image
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

  /** What these properties of an image say, if they say that it is encrypted. */
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

  /** Says what is wrong with the value of a property about encryption, if anything. */
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
