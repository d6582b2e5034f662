package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.access.signature.TestingSigner;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images that declare a signature become active with the data that was signed, and no other. */
@ExtendWith(SharedServer.class)
class SignatureWireTest {
  private static final byte[] DATA = UploadWireTest.data(3 << 20);

  private final TestingServer server;
  private final TestingApi api;

  SignatureWireTest(TestingServer server) {
    this.server = server;
    this.api = new TestingApi(server.port());
  }

  private TestingSigner signer(String keyType) throws Exception {
    var signer = TestingSigner.of(keyType);
    signer.publish(server.certificates(), signer.certificate());
    return signer;
  }

  private String create(Map<String, String> properties) throws Exception {
    var image = new JsonObject().put("disk_format", "raw").put("container_format", "bare");
    properties.forEach(image::put);
    return api.create(image);
  }

  private static byte[] tampered() {
    var data = DATA.clone();
    data[data.length / 2] ^= 1;
    return data;
  }

  private void assertRefused(String id, byte[] data, String reason) throws Exception {
    var answer = api.upload(id, data);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(reason);
    assertThat(api.await(id, "queued").getString("checksum")).isNull();
    assertThat(api.download(id).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA-PSS,SHA-256",
    "RSA-PSS,SHA-512",
    "DSA,SHA-224",
    "ECC_SECP384R1,SHA-384",
    "ECC_SECT571K1,SHA-512"
  })
  void takesTheDataThatWasSigned(String keyType, String hash) throws Exception {
    var id = create(signer(keyType).properties(DATA, hash));

    assertRefused(id, tampered(), "Signature verification failed");
    var answer = api.upload(id, DATA);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    assertThat(api.await(id, "active").getLong("size")).isEqualTo(DATA.length);
    assertThat(api.download(id).body()).isEqualTo(DATA);
  }

  @Test
  void takesAnyDataUnlessAllIsDeclared() throws Exception {
    var id = create(Map.of("img_signature", "AAAA", "img_signature_key_type", "DSA"));

    assertThat(api.upload(id, DATA).statusCode()).isEqualTo(204);
  }

  @Test
  void refusesDataWhenTheCertificateIsOfNoUse() throws Exception {
    var unknown = TestingSigner.of("DSA");
    var expired = TestingSigner.of("DSA");
    var past = Instant.now().minus(Duration.ofDays(9));
    expired.publish(server.certificates(), expired.certificate(past, Duration.ofDays(1)));

    assertRefused(
        create(unknown.properties(DATA, "SHA-256")), DATA, "Certificate not found with ID");
    assertRefused(create(expired.properties(DATA, "SHA-256")), DATA, "valid date range");
  }

  @Test
  void importsTheDataThatWasSigned() throws Exception {
    var id = create(signer("RSA-PSS").properties(DATA, "SHA-256"));
    assertThat(api.stage(id, DATA).statusCode()).isEqualTo(204);

    var answer = api.importStaged(id);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    api.await(id, "active");
    assertThat(api.download(id).body()).isEqualTo(DATA);
  }

  @Test
  void refusesToImportOtherData() throws Exception {
    var id = create(signer("ECC_SECP521R1").properties(DATA, "SHA-256"));
    assertThat(api.stage(id, tampered()).statusCode()).isEqualTo(204);

    assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

    var task =
        TestingConditions.await(
            () -> api.task(id), each -> each.getString("status").equals("failure"));
    assertThat(task.getString("message"))
        .endsWith("Signature verification failed: the signature does not fit the data.");
    assertThat(api.image(id).getString("status")).isNotEqualTo("active");
  }

  @Test
  void refusesAnImportThatCouldNotBeVerified() throws Exception {
    var id = create(TestingSigner.of("DSA").properties(DATA, "SHA-256"));
    assertThat(api.stage(id, DATA).statusCode()).isEqualTo(204);

    var answer = api.importStaged(id);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Certificate not found with ID");
    assertThat(api.image(id).getString("status")).isEqualTo("uploading");
  }
}
