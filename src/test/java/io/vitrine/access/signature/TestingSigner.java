package io.vitrine.access.signature;

import io.vitrine.image.ContentSignature;
import io.vitrine.testing.TestingKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Somebody with a key and a certificate. Signs with Java's own algorithms where it has them. */
public final class TestingSigner {
  private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();
  private static final Map<String, Integer> HASH_BYTES =
      Map.of("SHA-224", 28, "SHA-256", 32, "SHA-384", 48, "SHA-512", 64);

  private final UUID id = UUID.randomUUID();
  private final String keyType;
  private final KeyPair keys;
  private final Provider provider;

  private TestingSigner(String keyType, KeyPair keys, Provider provider) {
    this.keyType = keyType;
    this.keys = keys;
    this.provider = provider;
  }

  /** Somebody with a new key of a type of the API. */
  public static TestingSigner of(String keyType) throws GeneralSecurityException {
    if (keyType.equals("RSA-PSS")) {
      var provider = Security.getProvider(javaProvider("RSA"));
      return new TestingSigner(keyType, TestingKeys.rsa(), provider);
    }
    var provider = keyType.startsWith("ECC_SECT") ? BOUNCY_CASTLE : null;
    var name = keyType.equals("DSA") ? "DSA" : "EC";
    var generator =
        provider == null
            ? KeyPairGenerator.getInstance(name)
            : KeyPairGenerator.getInstance(name, provider);
    if (name.equals("EC")) {
      generator.initialize(new ECGenParameterSpec(keyType.substring(4).toLowerCase(Locale.ROOT)));
    } else {
      generator.initialize(2048);
    }
    var keys = generator.generateKeyPair();
    return new TestingSigner(
        keyType, keys, provider == null ? Security.getProvider(javaProvider(name)) : provider);
  }

  private static String javaProvider(String name) {
    return switch (name) {
      case "RSA" -> "SunRsaSign";
      case "DSA" -> "SUN";
      default -> "SunEC";
    };
  }

  /** The id of the certificate. */
  public UUID id() {
    return id;
  }

  /** The signature of data. */
  public ContentSignature sign(byte[] data, String hashMethod) throws GeneralSecurityException {
    return new ContentSignature(
        Base64.getEncoder().encodeToString(signature(data, hashMethod)),
        hashMethod,
        keyType,
        Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()));
  }

  /** What an image says whose data is to be the given. */
  public Map<String, String> properties(byte[] data, String hashMethod)
      throws GeneralSecurityException {
    return Map.of(
        SignatureProperties.VALUE,
        sign(data, hashMethod).value(),
        SignatureProperties.HASH_METHOD,
        hashMethod,
        SignatureProperties.KEY_TYPE,
        keyType,
        SignatureProperties.CERTIFICATE,
        id.toString());
  }

  private byte[] signature(byte[] data, String hashMethod) throws GeneralSecurityException {
    var hash = hashMethod.replace("-", "");
    var suffix = keyType.startsWith("ECC") ? "withECDSA" : "withDSA";
    var signature =
        Signature.getInstance(keyType.equals("RSA-PSS") ? "RSASSA-PSS" : hash + suffix, provider);
    if (keys.getPublic() instanceof RSAPublicKey rsa) {
      int salt =
          (rsa.getModulus().bitLength() + 6) / 8 - HASH_BYTES.getOrDefault(hashMethod, 0) - 2;
      signature.setParameter(
          new PSSParameterSpec(hashMethod, "MGF1", new MGF1ParameterSpec(hashMethod), salt, 1));
    }
    signature.initSign(keys.getPrivate());
    signature.update(data);
    return signature.sign();
  }

  /** A certificate that is valid now. */
  public X509Certificate certificate() {
    return certificate(Instant.now().minus(Duration.ofDays(1)), Duration.ofDays(2));
  }

  /** A certificate that is valid from then on for a time. */
  public X509Certificate certificate(Instant from, Duration time) {
    var name = new X500Principal("CN=Signer");
    var algorithm =
        switch (keyType) {
          case "RSA-PSS" -> "SHA256withRSA";
          case "DSA" -> "SHA256withDSA";
          default -> "SHA256withECDSA";
        };
    try {
      var signer =
          new JcaContentSignerBuilder(algorithm)
              .setProvider(BOUNCY_CASTLE)
              .build(keys.getPrivate());
      var holder =
          new JcaX509v3CertificateBuilder(
                  name,
                  BigInteger.ONE,
                  Date.from(from),
                  Date.from(from.plus(time)),
                  name,
                  keys.getPublic())
              .build(signer);
      return new JcaX509CertificateConverter().setProvider(BOUNCY_CASTLE).getCertificate(holder);
    } catch (OperatorCreationException | GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Puts a certificate where a {@link DirectoryCertificates} finds it. */
  public void publish(Path directory, X509Certificate certificate)
      throws IOException, GeneralSecurityException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(id + ".pem"), pem(certificate));
  }

  static String pem(X509Certificate certificate) throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
        .formatted(Base64.getMimeEncoder().encodeToString(certificate.getEncoded()));
  }
}
