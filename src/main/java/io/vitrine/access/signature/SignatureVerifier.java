package io.vitrine.access.signature;

import io.vitrine.image.ContentSignature;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.problem.ProblemException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Set;

/**
 * Verifies one signature over the digest of the data, as Glance's signing library makes it: RSA-PSS
 * with MGF1 over the same hash and the longest possible salt, DSA, or ECDSA.
 */
public final class SignatureVerifier {
  private static final Set<HashAlgorithm> METHODS =
      Set.of(
          HashAlgorithm.SHA224, HashAlgorithm.SHA256, HashAlgorithm.SHA384, HashAlgorithm.SHA512);

  private final HashAlgorithm hashMethod;
  private final byte[] value;
  private final Signature signature;

  private SignatureVerifier(HashAlgorithm hashMethod, byte[] value, Signature signature) {
    this.hashMethod = hashMethod;
    this.value = value;
    this.signature = signature;
  }

  /** A verifier; fails as invalid if no data could satisfy the signature. */
  public static SignatureVerifier of(ContentSignature declared) {
    var type =
        KeyType.of(declared.keyType())
            .orElseThrow(() -> invalid("Invalid signature key type: " + declared.keyType()));
    var method =
        HashAlgorithm.findJava(declared.hashMethod())
            .filter(METHODS::contains)
            .orElseThrow(() -> invalid("Invalid signature hash method: " + declared.hashMethod()));
    try {
      var key = key(type, declared.publicKey());
      if (!type.fits(key)) {
        throw wrongKey(declared);
      }
      var signature = Signature.getInstance(type.signatureAlgorithm, X509.PROVIDER);
      if (key instanceof RSAPublicKey rsa) {
        signature.setParameter(padding(method, rsa));
      }
      signature.initVerify(key);
      return new SignatureVerifier(method, value(declared), signature);
    } catch (GeneralSecurityException unusable) {
      throw wrongKey(declared);
    }
  }

  private static PublicKey key(KeyType type, String encoded) throws GeneralSecurityException {
    return KeyFactory.getInstance(type.keyAlgorithm, X509.PROVIDER)
        .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(encoded)));
  }

  /** The longest salt that fits the key's length (RFC 8017, 9.1.1). */
  private static PSSParameterSpec padding(HashAlgorithm hashMethod, RSAPublicKey key) {
    int saltBytes = (key.getModulus().bitLength() + 6) / 8 - hashMethod.bytes() - 2;
    if (saltBytes < 0) {
      throw invalid("The key is too short for the signature hash method.");
    }
    var name = hashMethod.javaName();
    return new PSSParameterSpec(name, "MGF1", new MGF1ParameterSpec(name), saltBytes, 1);
  }

  /** Ignores line breaks, as the signing library does. */
  private static byte[] value(ContentSignature declared) {
    try {
      return Base64.getMimeDecoder().decode(declared.value());
    } catch (IllegalArgumentException malformed) {
      throw invalid("The signature data was not properly encoded using base64");
    }
  }

  /** The algorithm of the digest that is signed. */
  public HashAlgorithm hashMethod() {
    return hashMethod;
  }

  /** Fails as invalid unless the signature is that of data with this digest. */
  public void require(byte[] digest) {
    if (!verifies(digest)) {
      throw invalid("the signature does not fit the data.");
    }
  }

  private boolean verifies(byte[] digest) {
    try {
      signature.update(digest);
      return signature.verify(value);
    } catch (SignatureException malformed) {
      return false;
    }
  }

  private static ProblemException wrongKey(ContentSignature declared) {
    return invalid("Invalid public key type for signature key type: " + declared.keyType());
  }

  private static ProblemException invalid(String detail) {
    return ProblemException.invalid("Signature verification failed: " + detail);
  }
}
