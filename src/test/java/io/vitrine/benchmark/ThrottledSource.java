package io.vitrine.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A web server of one file, which it sends at a steady rate. */
final class ThrottledSource implements AutoCloseable {
  private static final int PIECE_BYTES = 1 << 20;
  private static final double NANOS = 1e9;

  private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Path file;
  private final long bytesPerSecond;
  private volatile long firstNanos;
  private volatile long lastNanos;

  /** Serves the file at any path as soon as it exists. */
  ThrottledSource(Path file, long bytesPerSecond) throws IOException {
    this.file = file;
    this.bytesPerSecond = bytesPerSecond;
    Thread.ofPlatform().daemon().start(this::serve);
  }

  int port() {
    return server.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/disk";
  }

  /** How long the latest download took. */
  double seconds() {
    return (lastNanos - firstNanos) / NANOS;
  }

  /** How long ago its last byte was sent. */
  double secondsSinceTheLastByte() {
    return (System.nanoTime() - lastNanos) / NANOS;
  }

  private void serve() {
    while (!server.isClosed()) {
      try (var client = server.accept()) {
        answer(client);
      } catch (IOException broken) {
        // The download fails, and so does the benchmark.
      }
    }
  }

  private void answer(Socket client) throws IOException {
    int read = client.getInputStream().read(new byte[PIECE_BYTES]);
    try (var data = FileChannel.open(file)) {
      var output = client.getOutputStream();
      output.write(
          "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
              .formatted(data.size())
              .getBytes(StandardCharsets.US_ASCII));
      var target = Channels.newChannel(output);
      firstNanos = System.nanoTime();
      for (long sent = 0; sent < data.size() && read > 0; ) {
        sent += data.transferTo(sent, PIECE_BYTES, target);
        long due = firstNanos + Math.round(NANOS * sent / bytesPerSecond);
        LockSupport.parkNanos(due - System.nanoTime());
        lastNanos = System.nanoTime();
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
