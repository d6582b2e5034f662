package io.vitrine.net.listener;

import io.vitrine.testing.TestingKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate that nobody but itself vouches for, with its key. */
public record TestingCertificate(X509Certificate certificate, KeyPair keys) {
  private static final AtomicLong SERIAL = new AtomicLong();

  /** A new one for this machine, with a key of the type EC or RSA. */
  public static TestingCertificate of(String keyType) throws GeneralSecurityException {
    var keys =
        keyType.equals("RSA")
            ? TestingKeys.rsa()
            : KeyPairGenerator.getInstance(keyType).generateKeyPair();
    var name = new X500Principal("CN=localhost");
    var now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(SERIAL.incrementAndGet()),
            Date.from(now.minusSeconds(60)),
            Date.from(now.plusSeconds(3600)),
            name,
            keys.getPublic());
    try {
      var algorithm = keyType.equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
      var signer = new JcaContentSignerBuilder(algorithm).build(keys.getPrivate());
      var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
      return new TestingCertificate(certificate, keys);
    } catch (OperatorCreationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Puts the certificate into a file, at once. */
  public void writeCertificate(Path file) throws IOException, GeneralSecurityException {
    write(file, "CERTIFICATE", certificate.getEncoded());
  }

  /** Puts the key into a file, at once. */
  public void writeKey(Path file) throws IOException {
    write(file, "PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private static void write(Path file, String type, byte[] content) throws IOException {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    var next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(
        next, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, lines, type));
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
