package io.vitrine.access.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vitrine.image.ContentSignature;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What images declare, with certificates in a directory. */
@ExtendWith(VertxExtension.class)
class SignaturesTest {
  private static final byte[] DATA = {1, 2, 3};
  static final List<String> KEY_TYPES = SignatureVerifierTest.KEY_TYPES;

  private final Path directory;
  private final Signatures signatures;

  SignaturesTest(@TempDir Path directory) {
    this.directory = directory;
    var certificates = new DirectoryCertificates(Vertx.vertx(), directory);
    this.signatures = new Signatures(certificates, Clock.systemUTC());
  }

  private Optional<ContentSignature> find(Map<String, String> properties) throws Exception {
    var image =
        new Image(
            new ImageId(UUID.randomUUID()),
            new Image.State(
                ImageStatus.QUEUED,
                new Image.Ownership(null, Visibility.SHARED, false, false),
                Instant.EPOCH,
                Instant.EPOCH),
            new Image.Metadata(
                null,
                Image.Requirements.NONE,
                new TreeSet<>(),
                new TreeMap<String, @Nullable String>(properties)),
            Image.Content.NONE);
    return signatures.find(image, Optional.empty()).await(10, TimeUnit.SECONDS);
  }

  private void assertInvalid(Map<String, String> properties, String reason) {
    assertThatThrownBy(() -> find(properties))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> {
              assertThat(failure.problem()).isInstanceOf(Problem.Invalid.class);
              assertThat(failure.problem().detail()).contains(reason);
            });
  }

  @ParameterizedTest
  @FieldSource("KEY_TYPES")
  void findsTheKeyOfTheSigner(String keyType) throws Exception {
    var signer = TestingSigner.of(keyType);
    signer.publish(directory, signer.certificate());

    var found = find(signer.properties(DATA, "SHA-256")).orElseThrow();

    assertThat(found.publicKey()).isEqualTo(signer.sign(DATA, "SHA-256").publicKey());
    assertThat(found.keyType()).isEqualTo(keyType);
  }

  @Test
  void asksForNothingUnlessAllFourPropertiesAreThere() throws Exception {
    var all = TestingSigner.of("DSA").properties(DATA, "SHA-256");

    for (var missing : all.keySet()) {
      var some = new HashMap<>(all);
      some.remove(missing);
      assertThat(find(some)).isEmpty();
    }
  }

  @Test
  void refusesACertificateThatIsUnknown() throws Exception {
    var signer = TestingSigner.of("DSA");

    assertInvalid(
        signer.properties(DATA, "SHA-256"), "Certificate not found with ID: " + signer.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret", "", "1-2-3-4-5", "/etc/passwd"})
  void refusesAnIdThatIsNone(String id) throws Exception {
    var properties = new HashMap<>(TestingSigner.of("DSA").properties(DATA, "SHA-256"));
    properties.put(SignatureProperties.CERTIFICATE, id);

    assertInvalid(properties, "is not the id of a certificate");
  }

  @ParameterizedTest
  @ValueSource(ints = {-10, 10})
  void refusesACertificateOutsideItsDates(int days) throws Exception {
    var signer = TestingSigner.of("DSA");
    var from = Instant.now().plus(Duration.ofDays(days));
    signer.publish(directory, signer.certificate(from, Duration.ofDays(1)));

    assertInvalid(signer.properties(DATA, "SHA-256"), "outside its valid date range");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, Certificates.MAX_BYTES + 1})
  void refusesAFileThatIsNoCertificate(int size) throws Exception {
    var signer = TestingSigner.of("DSA");
    Files.write(directory.resolve(signer.id() + ".pem"), new byte[size]);

    assertInvalid(signer.properties(DATA, "SHA-256"), "is not an X.509 certificate");
  }
}
