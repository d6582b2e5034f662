package io.vitrine.access.signature;

import java.security.PublicKey;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.Set;

/** The kinds of signing keys, by the prefix of their names in the API. */
enum KeyType {
  RSA_PSS("RSA", "NONEwithRSASSA-PSS", RSAPublicKey.class),
  DSA("DSA", "NONEwithDSA", DSAPublicKey.class),
  ECC("EC", "NONEwithECDSA", ECPublicKey.class);

  private static final Set<String> CURVES =
      Set.of(
          "ECC_SECT571K1",
          "ECC_SECT409K1",
          "ECC_SECT571R1",
          "ECC_SECT409R1",
          "ECC_SECP521R1",
          "ECC_SECP384R1");

  /** The JCA name of the keys' algorithm. */
  final String keyAlgorithm;

  /** The JCA name of the signature algorithm over a digest. */
  final String signatureAlgorithm;

  private final Class<? extends PublicKey> keyClass;

  KeyType(String keyAlgorithm, String signatureAlgorithm, Class<? extends PublicKey> keyClass) {
    this.keyAlgorithm = keyAlgorithm;
    this.signatureAlgorithm = signatureAlgorithm;
    this.keyClass = keyClass;
  }

  /** As in Glance, the name of a curve is checked, but not whether the key is on that curve. */
  static Optional<KeyType> of(String name) {
    return switch (name) {
      case "RSA-PSS" -> Optional.of(RSA_PSS);
      case "DSA" -> Optional.of(DSA);
      case String curve when CURVES.contains(curve) -> Optional.of(ECC);
      default -> Optional.empty();
    };
  }

  boolean fits(PublicKey key) {
    return keyClass.isInstance(key);
  }
}
