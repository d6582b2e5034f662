package io.vitrine.catalog.tls;

import io.vitrine.config.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Certificates and private keys in the file formats of libpq. */
final class PemFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private PemFiles() {}

  /** All certificates in the file, at least one. */
  static List<X509Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    var found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
    if (found.isEmpty()) {
      throw new CertificateException("it contains no certificate");
    }
    return found.stream().map(X509Certificate.class::cast).toList();
  }

  /** The key in the file: PKCS#8 as PEM or DER, encrypted or not, or OpenSSL's older formats. */
  static PrivateKey key(Path file, Secret password) throws IOException, GeneralSecurityException {
    var content = Files.readAllBytes(file);
    var pem = KEY.matcher(new String(content, StandardCharsets.ISO_8859_1));
    try {
      if (!pem.find()) {
        return key(content);
      }
      if (pem.group(2).contains("Proc-Type:")) {
        throw new KeyException(
            "it is encrypted in an old format; convert it with openssl pkcs8 -topk8");
      }
      var bytes = Base64.getMimeDecoder().decode(pem.group(2));
      return switch (pem.group(1)) {
        case "PRIVATE KEY" -> key(bytes);
        case "ENCRYPTED PRIVATE KEY" -> decrypted(bytes, password);
        case "RSA PRIVATE KEY" -> key(rsa(bytes));
        case "EC PRIVATE KEY" -> key(ellipticCurve(bytes));
        default -> throw new KeyException("a " + pem.group(1) + " is not supported");
      };
    } catch (IllegalArgumentException | ClassCastException malformed) {
      throw new KeyException("it contains no readable private key", malformed);
    }
  }

  private static PrivateKey decrypted(byte[] bytes, Secret password)
      throws IOException, GeneralSecurityException {
    if (password.value().isEmpty()) {
      throw new KeyException("it is encrypted; give database.tls.key_password");
    }
    var encrypted = new EncryptedPrivateKeyInfo(bytes);
    var parameters = encrypted.getAlgParameters();
    // PBES2 names a family of algorithms; the parameters name the member.
    var algorithm =
        encrypted.getAlgName().equals("PBES2") && parameters != null
            ? parameters.toString()
            : encrypted.getAlgName();
    var secret =
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(password.value().toCharArray()));
    try {
      return key(encrypted.getKeySpec(secret).getEncoded());
    } catch (GeneralSecurityException wrong) {
      throw new KeyException("database.tls.key_password does not open it", wrong);
    }
  }

  private static byte[] rsa(byte[] bytes) throws IOException {
    return new PrivateKeyInfo(
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
            RSAPrivateKey.getInstance(bytes))
        .getEncoded();
  }

  private static byte[] ellipticCurve(byte[] bytes) throws IOException, KeyException {
    var key = ECPrivateKey.getInstance(bytes);
    var curve = key.getParametersObject();
    if (curve == null) {
      throw new KeyException("it does not name its curve");
    }
    return new PrivateKeyInfo(
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), key)
        .getEncoded();
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    var algorithm =
        PrivateKeyInfo.getInstance(pkcs8).getPrivateKeyAlgorithm().getAlgorithm().getId();
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }
}
