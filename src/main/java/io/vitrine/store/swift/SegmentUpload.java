package io.vitrine.store.swift;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A segment being uploaded. */
final class SegmentUpload {
  private static final int PIECE_BYTES = 128 << 10;

  private final SwiftClient client;
  private final HandoverStream pieces;
  private final CompletableFuture<HttpResponse<AnswerBody>> answer;
  private long sizeBytes;

  SegmentUpload(SwiftClient client, String path, Duration timeout) throws IOException {
    this.client = client;
    this.pieces = new HandoverStream(timeout);
    this.answer = client.put(path, HttpRequest.BodyPublishers.ofInputStream(() -> pieces));
    var _ = answer.whenComplete((done, failure) -> pieces.breakOff());
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** Writes data up to a limit of the whole; blocks while the server is slower. */
  void write(ByteBuffer data, long limitBytes) throws IOException {
    while (data.hasRemaining() && sizeBytes < limitBytes) {
      int count = (int) Math.min(Math.min(data.remaining(), PIECE_BYTES), limitBytes - sizeBytes);
      var piece = ByteBuffer.allocate(count).put(data.slice().limit(count)).flip();
      require(pieces.put(piece));
      data.position(data.position() + count);
      sizeBytes += count;
    }
  }

  /** Fails with the server's early answer if the data is not accepted. */
  private void require(boolean isTaken) throws IOException {
    if (answer.isDone()) {
      SwiftClient.require(client.await(answer), "write");
    }
    if (!isTaken) {
      cancel();
      throw new HttpTimeoutException("timed out: the object store takes no more data");
    }
  }

  /** Sends the rest and waits for the server's answer. */
  void end() throws IOException {
    require(pieces.end());
    SwiftClient.require(client.await(answer), "write");
  }

  void cancel() {
    pieces.breakOff();
    answer.cancel(true);
  }
}
