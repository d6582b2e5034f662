package io.vitrine.net.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.RawConnection;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpListenerTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\n";

  /** Sends a byte again and again, until the server has closed the connection. */
  private static void trickle(RawConnection connection) {
    TestingConditions.await(
        () -> {
          try {
            connection.send("x");
            return false;
          } catch (IOException closed) {
            return true;
          }
        },
        isClosed -> isClosed);
  }

  /** Lets the timeout of a connection without a head pass. */
  private static void letTimeoutPass(TestingListener listener) throws IOException {
    try (var silent = listener.connect()) {
      assertThat(silent.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET", "GET / HTTP/1.1\r\nX: y\r\n", "PRI * HTTP/2.0\r\n"})
  void closesAConnectionWithoutAWholeHead(String begun) throws Exception {
    try (var listener = TestingListener.hasty();
        var connection = listener.connect()) {
      connection.send(begun);

      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", GET, POST + "12345", GET + GET + POST + "12345"})
  void closesAConnectionWhoseNextHeadTrickles(String before) throws Exception {
    try (var listener = TestingListener.hasty();
        var connection = listener.connect()) {
      connection.send(before);
      for (int i = before.split("HTTP", -1).length; i > 1; i--) {
        assertThat(connection.read().status()).isEqualTo(200);
      }

      connection.send("GET / HTTP/1.1\r\nX: ");

      trickle(connection);
    }
  }

  @Test
  void keepsAConnectionBetweenRequestsAndInBodies() throws Exception {
    try (var listener = TestingListener.hasty();
        var connection = listener.connect()) {
      for (var request : List.of(GET, POST, POST + "123", GET)) {
        connection.send(request);
        letTimeoutPass(listener);
        connection.send(
            request.startsWith(POST) ? "12345".substring(request.length() - POST.length()) : "");
        assertThat(connection.read().status()).isEqualTo(200);
        letTimeoutPass(listener);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: test\r\nX: y\r\n z\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: test\r\nX: y\r\n\tz\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: test\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\n Content-Length: 5\r\n\r\n",
        "PRI * HTTP/1.1\r\nHost: test\r\n X: y\r\n\r\n",
        " GET / HTTP/1.1\r\nHost: test\r\n\r\n"
      })
  void refusesFoldedLines(String head) throws Exception {
    try (var listener = TestingListener.start();
        var first = listener.connect();
        var second = listener.connect();
        var third = listener.connect()) {
      first.send(head);
      second.send(POST + "12345" + head);
      for (int i = 0; i <= foldIn(head); i++) {
        third.send(head.substring(i, i + 1));
      }

      assertThat(second.read().status()).isEqualTo(200);
      for (var connection : List.of(first, second, third)) {
        assertThat(connection.read().status()).isEqualTo(400);
        assertThat(connection.isClosedByServer()).isTrue();
      }
    }
  }

  /** Where a head shows that it has a folded line; the server may hang up from there on. */
  private static int foldIn(String head) {
    var fold = Pattern.compile("(?<=\\n|^)[ \\t]").matcher(head);
    assertThat(fold.find()).isTrue();
    return fold.start();
  }

  @Test
  void takesBodiesThatLookLikeFoldedLines() throws Exception {
    try (var listener = TestingListener.start();
        var connection = listener.connect()) {
      connection.send(POST + "\r\n ab" + POST + "\n\t\n b" + GET);

      for (int i = 0; i < 3; i++) {
        assertThat(connection.read().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void takesOnlySoManyConnections() throws Exception {
    try (var listener = TestingListener.withConnections(3)) {
      var served = new ArrayList<RawConnection>();
      for (int i = 0; i < 3; i++) {
        served.add(listener.connect());
        assertThat(isServed(served.getLast())).isTrue();
      }

      try (var fourth = listener.connect()) {
        assertThat(isServed(fourth)).isFalse();
      }
      served.removeFirst().close();
      assertThat(isServed(served.getFirst())).isTrue();

      TestingConditions.await(
          () -> {
            try (var another = listener.connect()) {
              return isServed(another);
            }
          },
          isServed -> isServed);
      for (var connection : served) {
        connection.close();
      }
    }
  }

  private static boolean isServed(RawConnection connection) {
    try {
      return connection.send(GET).read().status() == 200;
    } catch (IOException refused) {
      return false;
    }
  }
}
