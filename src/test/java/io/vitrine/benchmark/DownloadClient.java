package io.vitrine.benchmark;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Reads a resource over some connections and throws it away; lean, so that the server is what is
 * measured.
 */
record DownloadClient(WebServer server, String path, int connections) {
  private static final int BUFFER_BYTES = 256 << 10;

  /** The seconds until all connections have a range, spread over the resource's bytes. */
  double readRanges(long sizeBytes, long rangeBytes) throws Exception {
    long step = (sizeBytes - rangeBytes) / Math.max(1, connections - 1);
    return Crowd.run(
        connections,
        number -> {
          long offset = number * step;
          var range = "Range: bytes=%d-%d\r\n".formatted(offset, offset + rangeBytes - 1);
          read(range, "HTTP/1.1 206", rangeBytes);
        });
  }

  /** The seconds until all connections have the whole resource. */
  double readWhole(long sizeBytes) throws Exception {
    return Crowd.run(connections, number -> read("", "HTTP/1.1 200", sizeBytes));
  }

  private void read(String header, String status, long length) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    try (var socket = SocketChannel.open(address)) {
      var request = "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n".formatted(path, header);
      socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      var buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
      long received = readHead(socket, buffer, status);
      while (received < length) {
        buffer.clear();
        received += receive(socket, buffer);
      }
    }
  }

  /** The number of bytes that came behind the head. */
  private static long readHead(SocketChannel socket, ByteBuffer buffer, String status)
      throws IOException {
    while (true) {
      receive(socket, buffer);
      var text = StandardCharsets.ISO_8859_1.decode(buffer.duplicate().flip()).toString();
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0 && text.startsWith(status)) {
        return buffer.position() - (end + 4L);
      }
      if (end >= 0) {
        throw new IOException("unexpected answer: " + text.lines().findFirst().orElse(""));
      }
    }
  }

  private static int receive(SocketChannel socket, ByteBuffer buffer) throws IOException {
    int count = socket.read(buffer);
    if (count < 0) {
      throw new EOFException("the answer ended early");
    }
    return count;
  }
}
