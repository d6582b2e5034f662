package io.vitrine.fetch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.problem.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers whose redirects no library would send. */
class RedirectWireTest extends TestingFetches {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private ServerSocket server = unbound();
  private volatile String answer = "";

  private static ServerSocket unbound() {
    try {
      return new ServerSocket();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::serve);
  }

  @AfterEach
  void stopListening() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      textBlock =
          """
          ?token=abc      ; /dir/page?token=abc
          ../../../ok     ; /ok
          ok              ; /dir/ok
          ./              ; /dir/
          /with space/x   ; /with%20space/x
          /x?a|b          ; /x?a|b
          /x?a={b}        ; /x?a={b}
          /x?a="b"        ; /x?a=%22b%22
          /{b}^`          ; /%7Bb%7D%5E%60
          /x?a=^b         ; /x?a=^b
          /x?a=\\b        ; /x?a=\\b
          \\x\\y           ; /x/y
          /x?a=100%       ; /x?a=100%
          /x#part         ; /x
          /x?#            ; /x?
          /café           ; /caf%C3%A9
          /x?é            ; /x?%C3%A9
          """)
  void areResolvedAsBrowsersDo(String location, String target) throws Exception {
    answer = "Location: " + location + "\r\n";

    var data = download(fetcher(port()), uri(port(), "/dir/page?old#x")).await(10, SECONDS);

    assertThat(data).hasToString("here");
    assertThat(asked).containsExactly("/dir/page?old", target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Location:\r\n",
        "Location:  \t\r\n",
        "Location: /a\r\nLocation: /b\r\n",
        "Location: http://\r\n",
        "Location: http://[::1\r\n",
        "Location: http://a b/\r\n",
        "Location: http://1.2.3.4.5/\r\n",
        "Location: http://0x7f.1:22/\r\n",
        "Location: http://0xa9fea9fe/latest\r\n",
        "Location: http://[::ffff:169.254.169.254]/\r\n",
        "Location: //169.254.169.254/latest\r\n",
        "Location: \\\\169.254.169.254\\latest\r\n",
        "Location: http://good@127.0.0.1/\r\n",
        "Location: file:///etc/passwd\r\n",
      })
  void leadNowhereElse(String headers) {
    answer = headers;

    assertThat(problem(port(), "/dir/page")).isInstanceOf(Problem.Invalid.class);
    assertThat(asked).containsExactly("/dir/page");
  }

  @Test
  void mayRepeatTheirLocation() throws Exception {
    answer = "Location: /a\r\nLocation: /a\r\n";

    assertThat(download(fetcher(port()), uri(port(), "/dir/page")).await(10, SECONDS))
        .hasToString("here");
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 304, 305, 306, 309})
  void areNotFollowedWhateverTheirNumber(int status) {
    answer = status + " Location: /ok\r\n";

    assertThat(problem(port(), "/dir/page")).isInstanceOf(Problem.Invalid.class);
    assertThat(asked).containsExactly("/dir/page");
  }

  private int port() {
    return server.getLocalPort();
  }

  private void serve() {
    try {
      while (true) {
        try (var client = server.accept()) {
          answer(client);
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void answer(Socket client) throws IOException {
    var reader =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    var target = String.valueOf(reader.readLine()).split(" ", -1)[1];
    for (var line = "-"; !line.isEmpty(); line = String.valueOf(reader.readLine())) {
      assertThat(line).isNotEqualTo("null");
    }
    asked.add(target);
    boolean isFirst = asked.size() == 1;
    var numbered = answer.matches("(?s)\\d{3} .*");
    var status = numbered ? answer.substring(0, 3) : "302";
    var headers = numbered ? answer.substring(4) : answer;
    var text =
        isFirst
            ? "HTTP/1.1 " + status + " Elsewhere\r\n" + headers + "Content-Length: 0\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere";
    client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    client.getOutputStream().flush();
  }
}
