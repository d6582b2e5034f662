package io.vitrine.net.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.MultiMap;
import io.vitrine.net.address.Url;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginResolverTest {
  private static final ReceivedRequest FROM_PROXY = from("127.0.0.1");

  private final OriginResolver fronts = fronts("");

  private static OriginResolver fronts(String prefix) {
    var trusted = List.of("loopback", "10.0.0.0/8", "2001:db8::1");
    return new OriginResolver(new FrontConfig(Optional.empty(), prefix, trusted, false));
  }

  private static ReceivedRequest from(String peer) {
    return new ReceivedRequest(peer, "http", "inside:9292", "");
  }

  private static MultiMap headers(String... namesAndValues) {
    var headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.9", "2001:db8::2", "", "proxy.example"})
  void ignoresHeadersOfOthers(String peer) {
    var headers =
        headers(
            "X-Forwarded-For", "1.2.3.4",
            "X-Forwarded-Proto", "https",
            "X-Forwarded-Host", "evil.example",
            "X-Forwarded-Prefix", "/evil",
            "Forwarded", "for=1.2.3.4; broken");

    assertThat(fronts.origin(from(peer), headers))
        .isEqualTo(new Origin(peer, "http://inside:9292"));
  }

  @ParameterizedTest
  @CsvSource({
    "'1.2.3.4', 1.2.3.4",
    "'6.6.6.6, 1.2.3.4', 1.2.3.4",
    "'6.6.6.6, 1.2.3.4, 10.1.1.1', 1.2.3.4",
    "'10.2.2.2, 10.1.1.1', 10.2.2.2",
    "'garbage, 1.2.3.4', 1.2.3.4",
    "'1.2.3.4, unknown', 127.0.0.1",
    "'1.2.3.4, unknown, 10.1.1.1', 10.1.1.1",
    "'1.2.3.4:5678', 1.2.3.4",
    "'[2001:db8::7]:80', 2001:db8:0:0:0:0:0:7",
    "'2001:db8::7', 2001:db8:0:0:0:0:0:7",
    "'6.6.6.6, 2001:db8::1', 6.6.6.6",
    "'::ffff:10.1.1.1', 10.1.1.1",
    "'01.2.3.4', 127.0.0.1",
    "'1.2.3', 127.0.0.1",
    "', ,', 127.0.0.1"
  })
  void walksFromTheNearestProxyOn(String forwardedFor, String client) {
    var found = fronts.origin(FROM_PROXY, headers("X-Forwarded-For", forwardedFor));

    assertThat(found).isEqualTo(new Origin(client, "http://inside:9292"));
  }

  @Test
  void joinsRepeatedHeaders() {
    var headers = headers("X-Forwarded-For", "6.6.6.6", "X-Forwarded-For", "1.2.3.4, 10.1.1.1");

    assertThat(fronts.origin(FROM_PROXY, headers).client()).isEqualTo("1.2.3.4");
  }

  @ParameterizedTest
  @CsvSource({
    "https, cloud.example, , , https://cloud.example",
    "https, cloud.example:8443, 443, , https://cloud.example:8443",
    "https, cloud.example, 8443, , https://cloud.example:8443",
    "https, cloud.example, 443, /image/, https://cloud.example/image",
    "HTTPS, , , , https://inside:9292",
    "https, , 443, , https://inside",
    ", , 81, , http://inside:81",
    ", '[2001:db8::7]', 80, /a/b, 'http://[2001:db8::7]/a/b'",
    "'http, https', 'evil.example, cloud.example', , , https://cloud.example"
  })
  void linksToWhatTheClientAskedFor(
      String scheme, String host, String port, String prefix, String base) {
    var headers = MultiMap.caseInsensitiveMultiMap();
    Optional.ofNullable(scheme).ifPresent(value -> headers.add("X-Forwarded-Proto", value));
    Optional.ofNullable(host).ifPresent(value -> headers.add("X-Forwarded-Host", value));
    Optional.ofNullable(port).ifPresent(value -> headers.add("X-Forwarded-Port", value));
    Optional.ofNullable(prefix).ifPresent(value -> headers.add("X-Forwarded-Prefix", value));

    assertThat(fronts.origin(FROM_PROXY, headers)).isEqualTo(new Origin("127.0.0.1", base));
  }

  @Test
  void takesTheOutermostTrustedProxysWord() {
    var headers =
        headers(
            "X-Forwarded-For", "6.6.6.6, 1.2.3.4, 10.1.1.1",
            "X-Forwarded-Proto", "gopher, https, http",
            "X-Forwarded-Host", "cloud.example");

    assertThat(fronts.origin(FROM_PROXY, headers))
        .isEqualTo(new Origin("1.2.3.4", "https://cloud.example"));
  }

  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-Proto, gopher",
    "X-Forwarded-Host, a b",
    "X-Forwarded-Host, a/b",
    "X-Forwarded-Host, user@a",
    "X-Forwarded-Port, 65536",
    "X-Forwarded-Port, x",
    "X-Forwarded-Prefix, image",
    "X-Forwarded-Prefix, //evil.example",
    "X-Forwarded-Prefix, /a b",
    "Forwarded, for",
    "Forwarded, for=",
    "Forwarded, 'for=\"1.2.3.4'",
    "Forwarded, 'for=1.2.3.4;for=1.2.3.5'",
    "Forwarded, 'for=[2001:db8::1]'",
    "Forwarded, 'for=1.2.3.4 x'",
    "Forwarded, 'proto=gopher'"
  })
  void refusesWhatIsMalformed(String name, String value) {
    assertThatThrownBy(() -> fronts.origin(FROM_PROXY, headers(name, value)))
        .isInstanceOf(MalformedForwardedException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'for=1.2.3.4;proto=https;host=cloud.example', 1.2.3.4, https://cloud.example",
    "'For=\"[2001:db8::7]:4711\"', 2001:db8:0:0:0:0:0:7, http://inside:9292",
    "'for=6.6.6.6, for=1.2.3.4; proto=https , for=10.1.1.1;proto=http', 1.2.3.4,"
        + " https://inside:9292",
    "'for=1.2.3.4, for=_hidden;host=\"cloud.example:81\"', 127.0.0.1, http://cloud.example:81",
    "'for=unknown;by=10.0.0.1;secret=\"a,b;c\\\"d\"', 127.0.0.1, http://inside:9292"
  })
  void readsTheStandardHeader(String forwarded, String client, String base) {
    assertThat(fronts.origin(FROM_PROXY, headers("Forwarded", forwarded)))
        .isEqualTo(new Origin(client, base));
  }

  @Test
  void prefersWhatNearlyAllProxiesWrite() {
    var headers = headers("Forwarded", "for=6.6.6.6;proto=https", "X-Forwarded-For", "1.2.3.4");

    assertThat(fronts.origin(FROM_PROXY, headers))
        .isEqualTo(new Origin("1.2.3.4", "http://inside:9292"));
  }

  @Test
  void addsPrefixesInTheOrderInWhichTheyWereTakenOff() {
    var headers = headers("X-Forwarded-Prefix", "/outside");

    assertThat(fronts("/image").origin(FROM_PROXY, headers).base())
        .isEqualTo("http://inside:9292/outside/image");
    assertThat(
            fronts("/image")
                .origin(new ReceivedRequest("127.0.0.1", "https", "inside", "/mounted"), headers)
                .base())
        .isEqualTo("https://inside/outside/mounted");
  }

  @Test
  void linksToThePublicEndpointWhateverIsSaid() {
    var endpoint = Url.parse("https://images.example/image/");
    var config = new FrontConfig(Optional.of(endpoint), "/x", List.of("loopback"), false);
    var headers = headers("X-Forwarded-For", "1.2.3.4", "X-Forwarded-Host", "cloud.example");

    assertThat(new OriginResolver(config).origin(FROM_PROXY, headers))
        .isEqualTo(new Origin("1.2.3.4", "https://images.example/image"));
  }
}
