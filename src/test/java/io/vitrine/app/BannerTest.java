package io.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.settings.VitrineConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BannerTest {
  @Test
  void showsCommandsWithoutLogInWhereNoneIsNeeded() {
    assertThat(banner(Map.of()))
        .contains("openstack --os-auth-type none --os-endpoint http://127.0.0.1:1 image list")
        .contains("metrics and health at http://127.0.0.1:2");
  }

  @Test
  void showsCommandsWithALogInToKeystone() {
    var settings =
        Map.of(
            "VITRINE_IDENTITY__KIND", "keystone",
            "VITRINE_IDENTITY__KEYSTONE__URL", "http://keystone:5000/v3",
            "VITRINE_IDENTITY__KEYSTONE__PASSWORD", "sesame");

    assertThat(banner(settings))
        .contains("openstack --os-cloud CLOUD image list")
        .contains("X-Auth-Token: $(openstack --os-cloud CLOUD token issue -f value -c id)")
        .doesNotContain("--os-auth-type none", "sesame");
  }

  @Test
  void showsCommandsWithATokenOfAnOpenIdProvider() {
    var settings =
        Map.of(
            "VITRINE_IDENTITY__KIND", "oidc",
            "VITRINE_IDENTITY__OIDC__ISSUER", "https://id.example",
            "VITRINE_IDENTITY__OIDC__AUDIENCE", "images");

    assertThat(banner(settings))
        .contains("--os-auth-type admin_token --os-endpoint http://127.0.0.1:1 --os-token")
        .contains("Authorization: Bearer $TOKEN")
        .doesNotContain("--os-auth-type none");
  }

  @Test
  void namesAnAddressThatClientsCanConnectTo() {
    var open = new HashMap<>(Map.of("VITRINE_IDENTITY__ALLOW_NON_LOOPBACK", "true"));

    open.put("VITRINE_HTTP__HOST", "0.0.0.0");
    assertThat(banner(open)).contains("Image API at http://127.0.0.1:1 ");
    open.put("VITRINE_HTTP__HOST", "::");
    assertThat(banner(open)).contains("Image API at http://[::1]:1 ");
    open.put("VITRINE_HTTP__HOST", "::1");
    open.put("VITRINE_HTTP__PATH_PREFIX", "/image");
    assertThat(banner(open)).contains("--os-endpoint http://[::1]:1/image image");
    open.put("VITRINE_HTTP__PUBLIC_ENDPOINT", "https://cloud.example/image/");
    assertThat(banner(open)).contains("--os-endpoint https://cloud.example/image image");
  }

  @Test
  void namesTheConsoleUnlessItIsOff() {
    assertThat(banner(Map.of())).contains("Open the console at http://127.0.0.1:1/ui/ in");
    assertThat(banner(Map.of("VITRINE_HTTP__CONSOLE__ENABLED", "false")))
        .contains("Try:")
        .doesNotContain("console");
  }

  @Test
  void leavesTheApiOutWhereThereIsNone() {
    assertThat(banner(Map.of("VITRINE_ROLES", "import")))
        .isEqualTo(
            "Vitrine runs with the roles [IMPORT]; metrics and health at http://127.0.0.1:2.\n");
  }

  @Test
  void showsNoCommandsThatDoNotWorkOutsideAContainer() {
    var settings = new HashMap<>(Map.of("VITRINE_IDENTITY__ALLOW_NON_LOOPBACK", "true"));
    settings.put("VITRINE_HTTP__HOST", "0.0.0.0");
    settings.put("VITRINE_MANAGEMENT__HOST", "::");

    assertThat(banner(settings, Audience.OUTSIDE))
        .startsWith(
            "Vitrine serves the Image API at http://0.0.0.0:1 (metrics and health at"
                + " http://[::]:2).\n")
        .doesNotContain("Try:", "127.0.0.1");
    settings.put("VITRINE_HTTP__PUBLIC_ENDPOINT", "https://cloud.example/image/");
    assertThat(banner(settings, Audience.OUTSIDE))
        .contains("Try:\n", "--os-endpoint https://cloud.example/image image list");
  }

  @Test
  void showsNoCommandsThatTheListenerRefuses() {
    var behindAProxy =
        Map.of("VITRINE_HTTP__PROXY_PROTOCOL", "true", "VITRINE_HTTP__TRUSTED_PROXIES", "loopback");
    var encrypted =
        Map.of("VITRINE_HTTP__TLS__CERTIFICATE", "pom.xml", "VITRINE_HTTP__TLS__KEY", "pom.xml");

    assertThat(banner(behindAProxy)).doesNotContain("Try:");
    assertThat(banner(encrypted))
        .contains("Image API at https://127.0.0.1:1 ")
        .doesNotContain("Try:");
  }

  @Test
  void takesOutputInAPodForItsLog() {
    assertThat(Audience.of(Map.of())).isEqualTo(Audience.HERE);
    assertThat(Audience.of(Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1")))
        .isEqualTo(Audience.OUTSIDE);
  }

  private static String banner(Map<String, String> settings) {
    return banner(settings, Audience.HERE);
  }

  private static String banner(Map<String, String> settings, Audience audience) {
    return Banner.of(VitrineConfig.load(List.of(), settings), audience, 1, 2);
  }
}
