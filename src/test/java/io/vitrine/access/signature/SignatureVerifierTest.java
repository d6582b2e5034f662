package io.vitrine.access.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.image.ContentSignature;
import io.vitrine.image.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SignatureVerifierTest {
  private static final byte[] DATA = "what was signed".getBytes(StandardCharsets.UTF_8);
  private static final List<String> HASHES = List.of("SHA-224", "SHA-256", "SHA-384", "SHA-512");
  static final List<String> KEY_TYPES =
      List.of(
          "RSA-PSS",
          "DSA",
          "ECC_SECT571K1",
          "ECC_SECT409K1",
          "ECC_SECT571R1",
          "ECC_SECT409R1",
          "ECC_SECP521R1",
          "ECC_SECP384R1");

  static Stream<Arguments> allKinds() {
    return KEY_TYPES.stream()
        .flatMap(type -> HASHES.stream().map(hash -> Arguments.of(type, hash)));
  }

  private static byte[] digest(String hash, byte[] data) throws Exception {
    return MessageDigest.getInstance(hash).digest(data);
  }

  private static void assertRefused(ContentSignature signature, String reason) {
    assertThatThrownBy(() -> SignatureVerifier.of(signature))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @MethodSource("allKinds")
  void acceptsWhatWasSignedAndNothingElse(String keyType, String hash) throws Exception {
    var signature = TestingSigner.of(keyType).sign(DATA, hash);

    var verifier = SignatureVerifier.of(signature);
    var other = SignatureVerifier.of(signature);

    assertThat(verifier.hashMethod().javaName()).isEqualTo(hash);
    assertThatCode(() -> verifier.require(digest(hash, DATA))).doesNotThrowAnyException();
    assertThatThrownBy(() -> other.require(digest(hash, new byte[] {1})))
        .isInstanceOf(ProblemException.class)
        .hasMessage("Signature verification failed: the signature does not fit the data.");
  }

  @Test
  void refusesTheSignatureOfAnotherKey() throws Exception {
    var mine = TestingSigner.of("ECC_SECP384R1").sign(DATA, "SHA-256");
    var theirs = TestingSigner.of("ECC_SECP384R1").sign(DATA, "SHA-256");

    var mixed =
        SignatureVerifier.of(
            new ContentSignature(mine.value(), "SHA-256", mine.keyType(), theirs.publicKey()));

    assertThatThrownBy(() -> mixed.require(digest("SHA-256", DATA)))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void refusesWhatIsNoSignatureAtAll() throws Exception {
    var signature = TestingSigner.of("DSA").sign(DATA, "SHA-256");

    var verifier =
        SignatureVerifier.of(new ContentSignature("AAAA", "SHA-256", "DSA", signature.publicKey()));

    assertThatThrownBy(() -> verifier.require(digest("SHA-256", DATA)))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void takesBase64WithLineBreaks() throws Exception {
    var signature = TestingSigner.of("RSA-PSS").sign(DATA, "SHA-512");

    var broken = signature.value().replaceAll("(.{76})", "$1\n");
    var verifier =
        SignatureVerifier.of(
            new ContentSignature(broken, "SHA-512", "RSA-PSS", signature.publicKey()));

    assertThatCode(() -> verifier.require(digest("SHA-512", DATA))).doesNotThrowAnyException();
  }

  @Test
  void refusesWhatCouldNeverBeVerified() throws Exception {
    var key = TestingSigner.of("DSA").sign(DATA, "SHA-256").publicKey();

    assertRefused(new ContentSignature("AAAA", "MD5", "DSA", key), "hash method: MD5");
    assertRefused(new ContentSignature("AAAA", "SHA-256", "RSA", key), "key type: RSA");
    assertRefused(
        new ContentSignature("AAAA", "SHA-256", "RSA-PSS", key),
        "Invalid public key type for signature key type: RSA-PSS");
    assertRefused(
        new ContentSignature("AAAA", "SHA-256", "ECC_SECP384R1", key),
        "Invalid public key type for signature key type: ECC_SECP384R1");
    assertRefused(new ContentSignature("A", "SHA-256", "DSA", key), "base64");
  }
}
