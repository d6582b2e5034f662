package io.vitrine.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import io.vitrine.net.address.Url;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderEndpointsTest {
  private static JsonObject document(String issuer) {
    return new JsonObject()
        .put("issuer", issuer)
        .put("authorization_endpoint", issuer + "/authorize?tenant=a")
        .put("token_endpoint", issuer + "/token");
  }

  @Test
  void readsEndpoints() {
    var found = ProviderEndpoints.of(document("https://login.example"));

    assertThat(found.authorization())
        .isEqualTo(Url.parse("https://login.example/authorize?tenant=a"));
    assertThat(found.token()).isEqualTo(Url.parse("https://login.example/token"));
    assertThat(found.endSession()).isEmpty();
  }

  @Test
  void takesPlainHttpOfAPlainIssuerOnly() {
    assertThat(ProviderEndpoints.of(document("http://127.0.0.1:8080")).token().isSecure())
        .isFalse();
    var mixed = document("https://login.example").put("token_endpoint", "http://login.example/t");
    assertThatThrownBy(() -> ProviderEndpoints.of(mixed)).hasMessageContaining("https");
  }

  @ParameterizedTest
  @ValueSource(strings = {"javascript:alert(1)", "/authorize", "ftp://login.example", ""})
  void refusesOtherUrls(String url) {
    var document = document("https://login.example").put("authorization_endpoint", url);

    assertThatThrownBy(() -> ProviderEndpoints.of(document)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void refusesDocumentsWithoutEndpoints() {
    var document = document("https://login.example");
    document.remove("token_endpoint");

    assertThatThrownBy(() -> ProviderEndpoints.of(document)).isInstanceOf(RuntimeException.class);
  }
}
