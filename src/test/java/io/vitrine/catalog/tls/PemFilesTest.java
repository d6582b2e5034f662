package io.vitrine.catalog.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.config.Secret;
import io.vitrine.testing.TestingKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.interfaces.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemFilesTest {
  private static final Provider PROVIDER = new BouncyCastleProvider();
  private static final Secret NONE = new Secret("");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void readsEveryFormOfAKey(String algorithm) throws Exception {
    var key = key(algorithm);
    var encryptor =
        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
            .setProvider(PROVIDER)
            .setPassword("sesame".toCharArray())
            .build();

    assertThat(PemFiles.key(pkcs8(key, null), NONE)).isEqualTo(key);
    assertThat(PemFiles.key(Files.write(file(), key.getEncoded()), NONE)).isEqualTo(key);
    assertThat(PemFiles.key(pkcs8(key, encryptor), new Secret("sesame"))).isEqualTo(key);
  }

  @Test
  void readsTheOlderFormsOfOpenSsl() throws Exception {
    var rsa = key("RSA");
    var curve = (ECPrivateKey) key("EC");
    int bits = curve.getParams().getOrder().bitLength();
    var older =
        new org.bouncycastle.asn1.sec.ECPrivateKey(
            bits, curve.getS(), SECNamedCurves.getOID("secp" + bits + "r1"));

    assertThat(PemFiles.key(written(rsa), NONE)).isEqualTo(rsa);
    assertThat(PemFiles.key(written(new PemObject("EC PRIVATE KEY", older.getEncoded())), NONE))
        .isInstanceOfSatisfying(
            ECPrivateKey.class, read -> assertThat(read.getS()).isEqualTo(curve.getS()));
  }

  @Test
  void tellsWhyAKeyCannotBeRead() throws Exception {
    var key = key("RSA");
    var encryptor =
        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
            .setProvider(PROVIDER)
            .setPassword("sesame".toCharArray())
            .build();
    var encrypted = pkcs8(key, encryptor);
    var old = file();
    try (var writer = new JcaPEMWriter(Files.newBufferedWriter(old))) {
      writer.writeObject(
          key,
          new JcePEMEncryptorBuilder("AES-256-CBC")
              .setProvider(PROVIDER)
              .build("sesame".toCharArray()));
    }

    assertThatThrownBy(() -> PemFiles.key(encrypted, NONE))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("it is encrypted; give database.tls.key_password");
    assertThatThrownBy(() -> PemFiles.key(encrypted, new Secret("poppy")))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("does not open it");
    assertThatThrownBy(() -> PemFiles.key(old, new Secret("sesame")))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("openssl pkcs8");
    assertThatThrownBy(() -> PemFiles.key(Files.writeString(file(), "nothing"), NONE))
        .isInstanceOf(GeneralSecurityException.class);
  }

  private Path file() throws IOException {
    return Files.createTempFile(directory, "key", ".pem");
  }

  private static PrivateKey key(String algorithm) throws GeneralSecurityException {
    var pair =
        algorithm.equals("RSA")
            ? TestingKeys.rsa()
            : KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    return pair.getPrivate();
  }

  private Path pkcs8(PrivateKey key, @Nullable OutputEncryptor encryptor) throws IOException {
    var file = file();
    try (var writer = new JcaPEMWriter(Files.newBufferedWriter(file))) {
      writer.writeObject(new JcaPKCS8Generator(key, encryptor));
    }
    return file;
  }

  private Path written(Object key) throws IOException {
    var file = file();
    try (var writer = new JcaPEMWriter(Files.newBufferedWriter(file))) {
      writer.writeObject(key);
    }
    return file;
  }
}
