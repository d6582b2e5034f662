package io.vitrine.net.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyProtocolTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

  /** The signature of version 2, and the command PROXY over TCP and IPv4 or IPv6, or LOCAL. */
  private static final String V2 = "0d0a0d0a000d0a515549540a";

  private static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex), ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.0.2.1 192.0.2.2 1000 80, 192.0.2.1",
    "PROXY TCP6 2001:db8::7 2001:db8::8 1000 80, 2001:db8:0:0:0:0:0:7",
    "PROXY UNKNOWN, 127.0.0.1"
  })
  void believesVersion1(String header, String client) throws Exception {
    try (var listener = TestingListener.behind("loopback");
        var connection = listener.connect()) {
      connection.send(header + "\r\n" + GET);

      assertThat(connection.read().body()).isEqualTo(client);
      assertThat(connection.send(GET).read().body()).isEqualTo(client);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2111000cc0000201c000020203e80050, 192.0.2.1",
    "2121002420010db800000000000000000000000720010db800000000000000000000000803e80050,"
        + " 2001:db8:0:0:0:0:0:7",
    "20000000, 127.0.0.1"
  })
  void believesVersion2(String header, String client) throws Exception {
    try (var listener = TestingListener.behind("loopback");
        var connection = listener.connect()) {
      connection.send(bytes(V2 + header)).send(GET);

      assertThat(connection.read().body()).isEqualTo(client);
    }
  }

  @Test
  void refusesFoldedLinesBehindTheHeader() throws Exception {
    try (var listener = TestingListener.behind("loopback");
        var connection = listener.connect()) {
      connection.send("PROXY UNKNOWN\r\nGET / HTTP/1.1\r\nX: y\r\n z\r\n\r\n");

      assertThat(connection.read().status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {GET, "PROXY TCP4 x y 1 2\r\n" + GET, "PROXY ", ""})
  void closesConnectionsWithoutTheHeader(String sent) throws Exception {
    try (var listener = TestingListener.behind("loopback");
        var connection = listener.connect()) {
      connection.send(sent);

      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void closesConnectionsOfOthersThanTheProxy() throws Exception {
    try (var listener = TestingListener.behind("192.0.2.0/24");
        var connection = listener.connect()) {
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }
}
