package io.vitrine.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** An HTTP server from which images are downloaded, and which breaks its promises as told. */
public final class TestingSource implements AutoCloseable {
  private final ServerSocket server;
  private final Map<String, HeadScript> scripts = new ConcurrentHashMap<>();

  /** What the server does with the connection after it has read a request. */
  public interface Script {
    /** Answers, or not; then the connection is closed. */
    void run(OutputStream client) throws IOException;
  }

  private TestingSource(ServerSocket server) {
    this.server = server;
  }

  /** Starts on a free port. */
  public static TestingSource start() throws IOException {
    var source = new TestingSource(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread.startVirtualThread(source::accept);
    return source;
  }

  /** The port that is listened on. */
  public int port() {
    return server.getLocalPort();
  }

  /** What the server does with a connection, having heard which headers the request has. */
  public interface HeadScript {
    /** Answers, or not; then the connection is closed. Names of headers are in lower case. */
    void run(Map<String, String> headers, OutputStream client) throws IOException;
  }

  /** The URL at which the script runs. */
  public String serve(Script script) {
    return serve((headers, client) -> script.run(client));
  }

  /** The URL at which the script runs. */
  public String serve(HeadScript script) {
    var path = "/" + UUID.randomUUID();
    scripts.put(path, script);
    return "http://127.0.0.1:" + port() + path;
  }

  /** The URL of a file. */
  public String serve(byte[] file) {
    return serve(client -> send(client, file, file.length));
  }

  /** Announces the whole file but sends only a part of it. */
  public static void send(OutputStream client, byte[] file, int length) throws IOException {
    client.write(
        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(file.length)
            .getBytes(US_ASCII));
    client.write(file, 0, length);
    client.flush();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        Thread.startVirtualThread(() -> answer(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void answer(Socket socket) {
    try (socket;
        var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))) {
      var request = String.valueOf(reader.readLine()).split(" ", -1);
      var line = reader.readLine();
      var headers = new HashMap<>(Map.of(":method", request[0]));
      while (line != null && !line.isEmpty()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        line = reader.readLine();
      }
      scripts.getOrDefault(request[1], (all, client) -> {}).run(headers, socket.getOutputStream());
    } catch (IOException gone) {
      // The one who asked has left.
    }
  }

  /** Holds an answer back until the latch opens. */
  public static void hold(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      throw new IOException(stopped);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
