package io.vitrine.benchmark;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads ranges of a resource, one for each connection, and throws them away; lean, so that the
 * server is what is measured.
 */
record RangeClient(int port, String path, int connections) {
  private static final int BUFFER_BYTES = 256 << 10;

  /** The seconds until all connections have their range, spread over the resource's bytes. */
  double read(long sizeBytes, long rangeBytes) throws Exception {
    long step = (sizeBytes - rangeBytes) / Math.max(1, connections - 1);
    var reads = new ArrayList<Future<Void>>();
    try (var threads = Executors.newFixedThreadPool(connections)) {
      long start = System.nanoTime();
      for (int number = 0; number < connections; number++) {
        reads.add(threads.submit(readRange(number * step, rangeBytes)));
      }
      for (var read : reads) {
        read.get();
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private Callable<Void> readRange(long offset, long length) {
    return () -> {
      var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      try (var socket = SocketChannel.open(server)) {
        var request =
            "GET %s HTTP/1.1\r\nHost: localhost\r\nRange: bytes=%d-%d\r\n\r\n"
                .formatted(path, offset, offset + length - 1);
        socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        readAnswer(socket, length);
      }
      return null;
    };
  }

  private static void readAnswer(SocketChannel socket, long length) throws IOException {
    var buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    int headBytes = -1;
    while (headBytes < 0) {
      receive(socket, buffer);
      var text = StandardCharsets.ISO_8859_1.decode(buffer.duplicate().flip()).toString();
      if (!text.startsWith("HTTP/1.1 206")) {
        throw new IOException("unexpected answer: " + text.lines().findFirst().orElse(""));
      }
      int end = text.indexOf("\r\n\r\n");
      headBytes = end < 0 ? -1 : end + 4;
    }
    long received = (long) buffer.position() - headBytes;
    while (received < length) {
      buffer.clear();
      received += receive(socket, buffer);
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
