package io.vitrine.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Uploads parts of a file as images of their own, all at once; lean, so that the server is what is
 * measured.
 */
record UploadClient(ImageServer server, Path data, long imageBytes) {
  private static final int PIECE_BYTES = 1 << 20;
  private static final int MOST_REFUSALS = 1000;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** Creates images without data. */
  List<String> create(int count) throws IOException, InterruptedException {
    var images = new ArrayList<String>();
    for (int number = 0; number < count; number++) {
      images.add(server.create("upload"));
    }
    return images;
  }

  /**
   * What came of uploads at once.
   *
   * @param seconds until all images had their data
   * @param refusals with 503, each of which was tried again
   */
  record Result(double seconds, int refusals) {}

  /** Gives all images their data; fails if one does not get it. */
  Result upload(List<String> images) throws Exception {
    var refusals = new AtomicInteger();
    try (var file = FileChannel.open(data)) {
      long places = file.size() / imageBytes;
      double seconds =
          Crowd.run(
              images.size(),
              number -> {
                while (!isTaken(images.get(number), file, number % places * imageBytes)) {
                  if (refusals.incrementAndGet() > MOST_REFUSALS) {
                    throw new IOException("uploads are refused again and again");
                  }
                  Thread.sleep(RETRY_AFTER);
                }
              });
      return new Result(seconds, refusals.get());
    }
  }

  void delete(List<String> images) throws IOException, InterruptedException {
    for (var image : images) {
      server.delete(image);
    }
  }

  /** Sends the data once; false if the server refused it for now. */
  private boolean isTaken(String image, FileChannel file, long offset) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    try (var socket = SocketChannel.open(address)) {
      socket.write(ByteBuffer.wrap(head(image)));
      if (!isExpected("100", status(socket))) {
        return false;
      }
      for (long sent = 0; sent < imageBytes; ) {
        long piece = Math.min(PIECE_BYTES, imageBytes - sent);
        sent += file.transferTo(offset + sent, piece, socket);
      }
      return isExpected("204", status(socket));
    }
  }

  /** Whether it is the expected status; false if the server asks to try again later. */
  private static boolean isExpected(String expected, String status) throws IOException {
    if (!status.equals(expected) && !status.equals("503")) {
      throw new IOException("an upload was answered: " + status);
    }
    return status.equals(expected);
  }

  private static String status(SocketChannel socket) throws IOException {
    var answer = ByteBuffer.allocate(4096);
    socket.read(answer);
    var words = StandardCharsets.ISO_8859_1.decode(answer.flip()).toString().split(" ", 3);
    return words.length < 2 ? "no answer" : words[1];
  }

  private byte[] head(String image) {
    return """
    PUT %s/file HTTP/1.1\r
    Host: localhost\r
    X-Auth-Token: %s\r
    Content-Type: application/octet-stream\r
    Content-Length: %d\r
    Expect: 100-continue\r
    \r
    """
        .formatted(image, server.token(), imageBytes)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
