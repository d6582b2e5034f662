package io.vitrine.net.uwsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests are made of the variables that fronts send. */
class RequestHeadTest {
  private static int statusOf(TestingPacket packet) {
    return catchThrowableOfType(RefusedPacketException.class, packet::head).status();
  }

  @Test
  void makesTheHeadAnew() throws Exception {
    var head =
        TestingPacket.upload("/v2/images/a%2Fb/file?x=1")
            .with("CONTENT_LENGTH", "300")
            .with("HTTP_CONTENT_LENGTH", "300")
            .with("HTTP_TRANSFER_ENCODING", "chunked")
            .with("HTTP_EXPECT", "100-continue")
            .with("HTTP_CONNECTION", "keep-alive, Upgrade")
            .with("HTTP_UPGRADE", "h2c")
            .with("HTTP_X_AUTH_TOKEN", "secret")
            .with("SERVER_SIGNATURE", "<address>\r\n</address>")
            .head();

    assertThat(new String(head.toHttp(), ISO_8859_1))
        .isEqualTo(
            """
            PUT /v2/images/a%2Fb/file?x=1 HTTP/1.1\r
            connection: close\r
            host: images.example\r
            content-type: application/octet-stream\r
            x-auth-token: secret\r
            content-length: 300\r
            \r
            """);
  }

  @Test
  void takesManySlashesForOneMountPoint() throws Exception {
    var head =
        TestingPacket.of("GET", "/image/file")
            .but("SCRIPT_NAME", "/image" + "/".repeat(60_000))
            .head();

    assertThat(head.target()).isEqualTo(new RequestTarget("/file", "/image"));
  }

  @Test
  void passesChunksOnWhereNoLengthIsTold() throws Exception {
    var head =
        TestingPacket.upload("/file")
            .with("CONTENT_LENGTH", "")
            .with("HTTP_TRANSFER_ENCODING", "Chunked")
            .head();

    assertThat(head.body()).isEqualTo(new RequestHead.BodyLength.Chunked());
    assertThat(new String(head.toHttp(), ISO_8859_1))
        .contains("transfer-encoding: chunked\r\n")
        .doesNotContain("content-length");
  }

  @ParameterizedTest
  @CsvSource({
    // Apache, with and without a path of its own, and asked for that path alone.
    "/v2/images?x=1,'',/v2/images,x=1,/v2/images?x=1,''",
    "/image/v2/images?x=1,/image,/v2/images,x=1,/v2/images?x=1,/image",
    "/image,/image,/,'',/,/image",
    "/image?x=1,/image,/,x=1,/?x=1,/image",
    // Apache with nocanon, where the query gets into PATH_INFO.
    "/nocanon/v2/images?x=1,/noc,/v2/images?x=1,x=1,/v2/images?x=1,/nocanon",
    "/v2/images?x=1,'',/v2/images?x=1,x=1,/v2/images?x=1,''",
    "/v2/m%2Fn?x=1,'',/v2/m%2Fn?x=1,x=1,/v2/m%2Fn?x=1,''",
    // nginx with a SCRIPT_NAME given, which leaves PATH_INFO whole.
    "/image/v2/m%20n,/image/,/image/v2/m n,'',/v2/m%20n,/image",
    // A path that only begins with the same letters is another one.
    "/images/v2,/image,/images/v2,'',/images/v2,''",
    "http://a.example/v2/images?x=1,'',/v2/images,x=1,/v2/images?x=1,''",
    "http://a.example,'',/,'',/,''",
    // Without the URI, from its decoded parts.
    "'',/image,/v2/m n%?é,x=1,/v2/m%20n%25%3F%E9?x=1,/image",
    "'','','','',/,''"
  })
  void findsPathAndMountPoint(
      String uri, String script, String path, String query, String expected, String mount)
      throws Exception {
    var head =
        TestingPacket.of("GET", uri)
            .but("SCRIPT_NAME", script)
            .but("PATH_INFO", path)
            .but("QUERY_STRING", query)
            .head();

    assertThat(head.target()).isEqualTo(new RequestTarget(expected, mount));
  }

  @ParameterizedTest
  @CsvSource({
    "REQUEST_SCHEME,http,http",
    "REQUEST_SCHEME,https,https",
    "HTTPS,on,https",
    "HTTPS,off,http",
    "UWSGI_SCHEME,https,https",
    "wsgi.url_scheme,https,https"
  })
  void knowsTheScheme(String name, String value, String scheme) throws Exception {
    var head = TestingPacket.of("GET", "/").with(name, value).head();

    assertThat(head.scheme()).isEqualTo(scheme);
  }

  @Test
  void knowsTheClient() throws Exception {
    var client = TestingPacket.of("GET", "/").head().client().orElseThrow();

    assertThat(client.hostAddress()).isEqualTo("192.0.2.7");
    assertThat(client.port()).isEqualTo(1234);
    assertThat(TestingPacket.of("GET", "/").but("REMOTE_ADDR", "unix:").head().client()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"a.example,8080,a.example:8080", "a.example,443,a.example", "'',80,localhost"})
  void namesItselfAsTheServerIsNamed(String name, String port, String host) throws Exception {
    var head =
        TestingPacket.of("GET", "/")
            .but("HTTP_HOST", "")
            .with("SERVER_NAME", name)
            .with("SERVER_PORT", port)
            .head();

    assertThat(head.headers()).contains(Map.entry("host", host));
  }

  @ParameterizedTest
  @CsvSource({
    "REQUEST_METHOD,''",
    "REQUEST_METHOD,GET /",
    "REQUEST_URI,/a b",
    "REQUEST_URI,'/a\r\nX: y'",
    "SCRIPT_NAME,/a b",
    "SCRIPT_NAME,'/\"><x'",
    "CONTENT_LENGTH,-1",
    "CONTENT_LENGTH,+1",
    "CONTENT_LENGTH,0x1",
    "CONTENT_LENGTH,'1,1'",
    "CONTENT_LENGTH,9223372036854775808",
    "CONTENT_TYPE,'a\nb'",
    "HTTP_HOST,'a\r\nb'",
    "HTTP_X_A,'a\rb'",
    "HTTP_X_A,'a\0b'",
    "HTTP_,a",
    "HTTP_X A,a",
    "'HTTP_X\r\nA',a",
    "HTTP_X:A,a"
  })
  void refusesWhatNoFrontSends(String name, String value) {
    assertThat(statusOf(TestingPacket.of("GET", "/").but(name, value))).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "CONTENT_LENGTH,1,CONTENT_LENGTH,2",
    "CONTENT_LENGTH,1,HTTP_CONTENT_LENGTH,2",
    "HTTP_HOST,images.example,HTTP_HOST,other.example",
    "SCRIPT_NAME,'',SCRIPT_NAME,/image",
    "HTTP_TRANSFER_ENCODING,chunked,HTTP_TRANSFER_ENCODING,gzip"
  })
  void refusesContradictions(String name, String value, String second, String other) {
    var packet = TestingPacket.of("GET", "/").but(name, value).with(second, other);

    assertThat(statusOf(packet)).isEqualTo(400);
  }

  @Test
  void refusesDataWithoutAnEnd() {
    assertThat(statusOf(TestingPacket.upload("/file"))).isEqualTo(411);
    assertThat(
            statusOf(
                TestingPacket.of("PUT", "/file")
                    .with("CONTENT_TYPE", "application/octet-stream; charset=utf-8")))
        .isEqualTo(411);
    assertThat(statusOf(TestingPacket.upload("/file").with("HTTP_TRANSFER_ENCODING", "gzip")))
        .isEqualTo(501);
  }
}
