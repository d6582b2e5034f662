package io.vitrine.access.signature;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vitrine.image.ContentSignature;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The properties by which an image declares the signature of its data. */
public record SignatureProperties(
    String value, String hashMethod, String keyType, String certificate) {
  static final String VALUE = "img_signature";
  static final String HASH_METHOD = "img_signature_hash_method";
  static final String KEY_TYPE = "img_signature_key_type";
  static final String CERTIFICATE = "img_signature_certificate_uuid";

  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** The declared signature; empty unless all four properties are present. */
  public static Optional<SignatureProperties> of(Map<String, @Nullable String> properties) {
    var value = properties.get(VALUE);
    var hashMethod = properties.get(HASH_METHOD);
    var keyType = properties.get(KEY_TYPE);
    var certificate = properties.get(CERTIFICATE);
    return value == null || hashMethod == null || keyType == null || certificate == null
        ? Optional.empty()
        : Optional.of(new SignatureProperties(value, hashMethod, keyType, certificate));
  }

  /**
   * The signature with the key to verify it by.
   *
   * @param publicKey in X.509 encoding, base64
   */
  public ContentSignature with(String publicKey) {
    return new ContentSignature(value, hashMethod, keyType, publicKey);
  }

  ContentSignature with(X509Certificate signer) {
    return with(Base64.getEncoder().encodeToString(signer.getPublicKey().getEncoded()));
  }

  UUID certificateId() {
    return parseId(certificate)
        .orElseThrow(
            () ->
                invalid("The value of %s is not the id of a certificate.".formatted(CERTIFICATE)));
  }

  /** The id of a secret; empty for anything else, as it becomes part of a path. */
  static Optional<UUID> parseId(String text) {
    return UUID_FORM.matcher(text).matches()
        ? Optional.of(UUID.fromString(text))
        : Optional.empty();
  }
}
