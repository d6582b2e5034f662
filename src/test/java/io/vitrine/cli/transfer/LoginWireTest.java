package io.vitrine.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.cli.TestingCommand;
import io.vitrine.testing.TestingKeystone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How the commands log in. */
@ExtendWith(SharedServer.class)
class LoginWireTest {
  private final TestingServer server;
  private final TestingKeystone keystone;

  @TempDir private Path directory = Path.of("");

  LoginWireTest(TestingServer server) throws Exception {
    this.server = server;
    this.keystone = TestingKeystone.start();
  }

  @BeforeEach
  void write() throws Exception {
    Files.write(directory.resolve("disk.raw"), new byte[] {1, 2, 3});
  }

  @AfterEach
  void close() throws Exception {
    keystone.close();
  }

  private TestingCommand upload(Map<String, String> settings) {
    var environment = new HashMap<>(settings);
    environment.put("XDG_STATE_HOME", directory.toString());
    return TestingCommand.run(
        environment,
        "upload",
        directory.resolve("disk.raw").toString(),
        "--to",
        "http://127.0.0.1:" + server.port());
  }

  private JsonObject auth() {
    return Objects.requireNonNull(keystone.lastLogin()).getJsonObject("auth");
  }

  @Test
  void takesTheVariables() {
    var command =
        upload(
            Map.of(
                "OS_AUTH_URL", keystone.url(),
                "OS_USERNAME", "ann",
                "OS_PASSWORD", TestingKeystone.PASSWORD,
                "OS_PROJECT_NAME", "demo",
                "OS_USER_DOMAIN_NAME", "Users"));

    assertThat(command.code()).as(command.text()).isZero();
    assertThat(auth().getJsonObject("identity").getJsonObject("password"))
        .isEqualTo(
            new JsonObject(
                """
                {"user": {"name": "ann", "domain": {"name": "Users"}, "password": "sesame"}}"""));
    assertThat(auth().getJsonObject("scope"))
        .isEqualTo(
            new JsonObject(
                """
                {"project": {"name": "demo", "domain": {"id": "default"}}}"""));
  }

  @Test
  void takesAnApplicationCredentialOfACloud() throws Exception {
    var clouds = directory.resolve("clouds.yaml");
    Files.writeString(
        clouds,
        """
        clouds:
          prod:
            auth_type: v3applicationcredential
            auth: {auth_url: '%s', application_credential_id: '7'}
        """
            .formatted(keystone.url()));
    Files.writeString(
        directory.resolve("secure.yaml"),
        "clouds: {prod: {auth: {application_credential_secret: sesame}}}\n");

    var command = upload(Map.of("OS_CLIENT_CONFIG_FILE", clouds.toString(), "OS_CLOUD", "prod"));
    var other = upload(Map.of("OS_CLIENT_CONFIG_FILE", clouds.toString(), "OS_CLOUD", "test"));

    assertThat(command.code()).as(command.text()).isZero();
    assertThat(auth())
        .isEqualTo(
            new JsonObject(
                """
                {"identity": {"methods": ["application_credential"],
                  "application_credential": {"secret": "sesame", "id": "7"}}}"""));
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.text()).contains("does not have the cloud test");
  }

  @Test
  void saysThatCredentialsAreWrongButNotWhich() {
    var command =
        upload(
            Map.of(
                "OS_AUTH_URL", keystone.url(),
                "OS_USER_ID", "1",
                "OS_PASSWORD", "wrong-secret",
                "OS_PROJECT_ID", "2"));

    assertThat(command.code()).isEqualTo(1);
    assertThat(command.text()).contains("refuses the credentials").doesNotContain("wrong-secret");
  }

  @Test
  void takesAToken() {
    var command = upload(Map.of("OS_TOKEN", "abc"));

    assertThat(command.code()).as(command.text()).isZero();
    assertThat(keystone.logins()).isZero();
  }
}
