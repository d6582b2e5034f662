package io.vitrine.access.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SelfSignedCertificate;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingKeystone;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A Keystone that is reached by TLS only, and gives tokens for an application credential. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeystoneWireTest {
  private final SelfSignedCertificate trusted = SelfSignedCertificate.create("localhost");
  private final SelfSignedCertificate forged = SelfSignedCertificate.create("localhost");
  private TestingKeystone keystone;
  private Path directory;
  private TestingServer server;

  @BeforeAll
  void start() throws Exception {
    keystone = TestingKeystone.start(trusted.keyCertOptions());
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IDENTITY__KIND",
                "keystone",
                "VITRINE_IDENTITY__KEYSTONE__URL",
                keystone.url(),
                "VITRINE_IDENTITY__KEYSTONE__CA_FILE",
                trusted.certificatePath(),
                "VITRINE_IDENTITY__KEYSTONE__APPLICATION_CREDENTIAL_ID",
                "a3f1",
                "VITRINE_IDENTITY__KEYSTONE__APPLICATION_CREDENTIAL_SECRET",
                TestingKeystone.PASSWORD,
                "VITRINE_IDENTITY__KEYSTONE__RETRIES",
                "0"));
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    keystone.close();
    trusted.delete();
    forged.delete();
    TestingServer.remove(directory);
  }

  private int status(String token) throws Exception {
    var api = new TestingApi(server.port(), "X-Auth-Token", token);
    return api.call("GET", "/v2/images").statusCode();
  }

  @Test
  void isAskedByTheApplicationCredential() throws Exception {
    keystone.issue("ann's", "ann", "a", "reader");

    assertThat(status("ann's")).isEqualTo(200);

    var proof = new JsonObject().put("id", "a3f1").put("secret", TestingKeystone.PASSWORD);
    var identity =
        new JsonObject()
            .put("methods", new JsonArray().add("application_credential"))
            .put("application_credential", proof);
    assertThat(keystone.lastLogin())
        .isEqualTo(new JsonObject().put("auth", new JsonObject().put("identity", identity)));
  }

  @Test
  void isNotBelievedWithACertificateOfOthers() throws Exception {
    keystone.issue("bob's", "bob", "b", "reader");
    keystone.stop();
    keystone.resume(forged.keyCertOptions());

    var answer = status("bob's");
    int asked = keystone.validations();
    keystone.stop();
    keystone.resume(trusted.keyCertOptions());

    assertThat(answer).isEqualTo(503);
    TestingConditions.await(() -> status("bob's"), status -> status == 200);
    assertThat(keystone.validations()).isGreaterThan(asked);
  }
}
