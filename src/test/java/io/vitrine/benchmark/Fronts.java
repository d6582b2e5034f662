package io.vitrine.benchmark;

import io.vitrine.net.uwsgi.TestingPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Uploads and downloads by the uwsgi protocol next to the same by HTTP. The client does for both
 * what a front does at least: it sends a head and the file, or reads what comes and throws it away.
 */
final class Fronts {
  private static final int WARM_UPS = 3;
  private static final int BUFFER_BYTES = 256 << 10;

  private final VitrineProcess server;
  private final Path data;
  private final Settings settings;

  Fronts(VitrineProcess server, Path data, Settings settings) {
    this.server = server;
    this.data = data;
    this.settings = settings;
  }

  /** How a request begins, for one protocol. */
  private interface Head {
    byte[] of(String method, String path, long length);
  }

  /** One protocol. */
  private final class Side {
    final int port;
    final Head head;
    final Series up;
    final Series upCpu = new Series("the same, server's CPU s/GiB");
    final Series down;
    final Series downCpu = new Series("the same, server's CPU s/GiB");

    Side(String name, int port, Head head) {
      this.port = port;
      this.head = head;
      up = new Series("upload by %s, MiB/s".formatted(name));
      down = new Series("download by %s, MiB/s".formatted(name));
    }

    void measure(Series rateUp, Series cpuUp, Series rateDown, Series cpuDown) throws Exception {
      var image = server.create("front");
      measure(rateUp, cpuUp, () -> upload(image + "/file"));
      measure(rateDown, cpuDown, () -> download(image + "/file"));
      server.delete(image);
    }

    private void measure(Series rate, Series cpu, Transfer transfer) throws Exception {
      double cpuBefore = server.cpuSeconds();
      long start = System.nanoTime();
      transfer.run();
      rate.add(settings.sizeMib() * 1e9 / (System.nanoTime() - start));
      cpu.add((server.cpuSeconds() - cpuBefore) / settings.sizeGib());
    }

    private void upload(String path) throws IOException {
      try (var socket = connect();
          var file = FileChannel.open(data)) {
        socket.write(ByteBuffer.wrap(head.of("PUT", path, file.size())));
        for (long sent = 0; sent < file.size(); ) {
          sent += file.transferTo(sent, 1 << 20, socket);
        }
        var answer = ByteBuffer.allocate(1024);
        socket.read(answer);
        require(answer, "HTTP/1.1 204");
      }
    }

    private void download(String path) throws IOException {
      try (var socket = connect()) {
        socket.write(ByteBuffer.wrap(head.of("GET", path, 0)));
        var buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        socket.read(buffer);
        require(buffer, "HTTP/1.1 200");
        // The head is short; that it is counted with the data changes nothing.
        for (long received = buffer.position(); received < settings.sizeBytes(); ) {
          int count = socket.read(buffer.clear());
          if (count < 0) {
            throw new IOException("the answer ended early");
          }
          received += count;
        }
      }
    }

    private SocketChannel connect() throws IOException {
      return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
  }

  private interface Transfer {
    void run() throws IOException;
  }

  void run(Report report) throws Exception {
    var http = new Side("HTTP", server.port(), Fronts::http);
    var uwsgi = new Side("uwsgi", server.uwsgiPort(), Fronts::uwsgi);
    for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
      for (var side : new Side[] {http, uwsgi}) {
        side.measure(new Series(""), new Series(""), new Series(""), new Series(""));
      }
    }
    for (int round = 0; round < settings.rounds(); round++) {
      for (var side : new Side[] {http, uwsgi}) {
        side.measure(side.up, side.upCpu, side.down, side.downCpu);
      }
    }
    report.plain(http.up);
    report.plain(http.upCpu);
    report.atLeast(uwsgi.up, http.up, 0.9);
    report.atMost(uwsgi.upCpu, http.upCpu, 1.1);
    report.plain(http.down);
    report.plain(http.downCpu);
    report.atLeast(uwsgi.down, http.down, 0.9);
    report.atMost(uwsgi.downCpu, http.downCpu, 1.1);
  }

  private static void require(ByteBuffer answer, String start) throws IOException {
    var text = StandardCharsets.ISO_8859_1.decode(answer.duplicate().flip()).toString();
    if (!text.startsWith(start)) {
      throw new IOException("unexpected answer: " + text.lines().findFirst().orElse(""));
    }
  }

  private static byte[] http(String method, String path, long length) {
    return """
    %s %s HTTP/1.1\r
    Host: localhost\r
    Connection: close\r
    Content-Type: application/octet-stream\r
    Content-Length: %d\r
    \r
    """
        .formatted(method, path, length)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] uwsgi(String method, String path, long length) {
    return TestingPacket.of(method, path)
        .with("CONTENT_TYPE", "application/octet-stream")
        .with("CONTENT_LENGTH", String.valueOf(length))
        .bytes();
  }
}
