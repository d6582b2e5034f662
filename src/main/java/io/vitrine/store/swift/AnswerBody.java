package io.vitrine.store.swift;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Function;

/**
 * A response body that can be taken once, which frees its memory: the HTTP client keeps responses
 * as long as their connection, and so would keep the bodies of half a minute.
 */
final class AnswerBody implements Flow.Subscriber<List<ByteBuffer>> {
  private final List<ByteBuffer> received = new ArrayList<>();

  /** Receives each body into an object of its own. */
  static BodyHandler<AnswerBody> handler() {
    return head -> BodySubscribers.fromSubscriber(new AnswerBody(), Function.identity());
  }

  /** The whole body; empty from the second call on. */
  byte[] take() {
    var all = new byte[received.stream().mapToInt(ByteBuffer::remaining).sum()];
    int filled = 0;
    for (var piece : received) {
      int count = piece.remaining();
      piece.get(all, filled, count);
      filled += count;
    }
    received.clear();
    return all;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    received.addAll(pieces);
  }

  @Override
  public void onError(Throwable failure) {
    received.clear();
  }

  @Override
  public void onComplete() {}
}
