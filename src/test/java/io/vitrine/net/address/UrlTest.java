package io.vitrine.net.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTest {
  @Test
  void parsesAsTheWebPlatformTestsSay() throws IOException {
    var wrong = new ArrayList<String>();
    for (var row : rows()) {
      var test = (JsonArray) row;
      var found = parsed(test.getString(0), test.getString(1));
      if (!Objects.equals(found, test.getString(2))) {
        wrong.add("%s gives %s".formatted(test, found));
      }
    }

    assertThat(wrong).isEmpty();
  }

  private static JsonArray rows() throws IOException {
    try (var data =
        Objects.requireNonNull(UrlTest.class.getResourceAsStream("urltestdata-web.json"))) {
      return new JsonArray(new String(data.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static @Nullable String parsed(String input, @Nullable String base) {
    try {
      var url = base == null ? Url.parse(input) : Url.parse(base).resolve(input);
      return url.toString();
    } catch (UrlException failure) {
      return null;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "?token=abc,       http://h_1:81/dir/query?token=abc",
    "../../../ok,      http://h_1:81/ok",
    "/with space/x,    http://h_1:81/with%20space/x",
    "/x?a|b,           http://h_1:81/x?a|b",
    "'/x?a={b}',       'http://h_1:81/x?a={b}'",
    "'/x?a=\"b\"',     http://h_1:81/x?a=%22b%22",
    "/x?a=^b,          http://h_1:81/x?a=^b",
    "/x?a=\\b,         http://h_1:81/x?a=\\b",
    "/x?a=100%,        http://h_1:81/x?a=100%",
    "/café,            http://h_1:81/caf%C3%A9",
    "//other_host/x,   http://other_host/x",
    "#part,            http://h_1:81/dir/query?old#part"
  })
  void resolvesRedirectsAsBrowsersDo(String target, String url) {
    assertThat(Url.parse("http://h_1:81/dir/query?old#x").resolve(target)).hasToString(url);
  }

  @ParameterizedTest
  @CsvSource({
    "rbd://fsid/pool/image/snap,              rbd://fsid/pool/image/snap",
    "swift+http://acc:user@auth_host/v1/c/o,  swift+http://acc:user@auth_host/v1/c/o",
    "s3://key:secret@host/bucket/../object,   s3://key:secret@host/object",
    "file:///var/lib/images/a b,              file:///var/lib/images/a%20b",
    "mailto:ann@example.org,                  mailto:ann@example.org"
  })
  void parsesOtherSchemes(String text, String url) {
    assertThat(Url.parse(text)).hasToString(url);
  }

  @Test
  void tellsItsParts() {
    var url = Url.parse("HTTPS://u:p%40@[2001:DB8:0:0::1]:8443/a%20b/c?d#e");

    assertThat(url.scheme()).isEqualTo("https");
    assertThat(url.isSecure()).isTrue();
    assertThat(url.hasCredentials()).isTrue();
    assertThat(url.hostName()).isEqualTo("2001:db8::1");
    assertThat(url.authority()).isEqualTo("[2001:db8::1]:8443");
    assertThat(url.effectivePort()).isEqualTo(8443);
    assertThat(url.target()).isEqualTo("/a%20b/c?d");
    assertThat(url.withoutFragment()).hasToString("https://u:p%40@[2001:db8::1]:8443/a%20b/c?d");
    assertThat(Url.parse("http://h").effectivePort()).isEqualTo(80);
  }

  @ParameterizedTest
  @CsvSource({
    "http://h,       /v3/x, http://h/v3/x",
    "http://h/,      v3/x,  http://h/v3/x",
    "http://h/base/, /x?y,  http://h/base/x?y",
    "http://h/base,  '',    http://h/base"
  })
  void namesWhatIsBelowIt(String base, String text, String url) {
    assertThat(Url.parse(base).below(text)).hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://h/\ud800", "http://h/\udc00x", "http://\ud800/", "http://h/?\ud83d#"})
  void refusesTextThatIsNotUnicode(String text) {
    assertThatThrownBy(() -> Url.parse(text))
        .isInstanceOf(UrlException.class)
        .hasMessageContaining("invalid Unicode");
  }

  @ParameterizedTest
  @CsvSource({
    "http://faß.example/,         http://xn--fa-hia.example/",
    "http://Bücher.example/,      http://xn--bcher-kva.example/",
    "http://日本語。ＪＰ/,           http://xn--wgv71a119e.jp/",
    "http://a\u00adb.example/,    http://ab.example/"
  })
  void writesNamesInAscii(String text, String url) {
    assertThat(Url.parse(text)).hasToString(url);
  }

  /** Whatever it is given, in time that grows with the length of it. */
  @Test
  void throwsNothingElse() {
    var parts =
        new String[] {
          "http:",
          "//",
          "/",
          "\\",
          "@",
          ":",
          "[",
          "]",
          "::",
          "%",
          "%2e",
          "..",
          "?",
          "#",
          "xn--",
          "ü",
          "\ud83d\ude00",
          "\ud800",
          "0x",
          "256",
          "1",
          " ",
          "\t",
          "\0",
          "\u200d",
          "。",
          "a_b",
          "é"
        };
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder(random.nextBoolean() ? "http://" : "");
      for (int length = random.nextInt(12); length > 0; length--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      var found = parsed(text.toString(), "http://base/a/b?c#d");
      if (found != null) {
        assertThat(parsed(found, null)).isEqualTo(found);
      }
    }
    assertThat(parsed("http://" + "ü".repeat(4096) + "/" + "../".repeat(100_000), null))
        .startsWith("http://xn--");
  }
}
