package io.vitrine.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemandedStreamTest {
  private final List<Buffer> got = new ArrayList<>();
  private final Source stream = new Source();

  @Test
  void isAskedOnlyAsFarAsTheReaderDemands() {
    stream.handler(got::add);
    assertThat(stream.isAsked()).isFalse();

    stream.fetch(1);
    assertThat(stream.isAsked()).isTrue();

    stream.give(Buffer.buffer("a"));
    assertThat(stream.isAsked()).isFalse();
    assertThat(got).containsExactly(Buffer.buffer("a"));
  }

  @Test
  void isAskedForEverUntilThePause() {
    stream.handler(got::add).resume();
    stream.give(Buffer.buffer("a"));
    stream.fetch(Long.MAX_VALUE);
    assertThat(stream.isAsked()).isTrue();

    stream.pause();
    assertThat(stream.isAsked()).isFalse();
  }

  @Test
  void tellsTheFirstHandlerOfAnEarlierFailureOnce() {
    var failures = new ArrayList<Throwable>();
    var failure = new IllegalStateException("broken");
    stream.tell(failure);

    stream.exceptionHandler(failures::add);
    stream.exceptionHandler(failures::add);

    assertThat(failures).containsExactly(failure);
  }

  private static final class Source extends DemandedStream {
    @Override
    protected void onDemand(long amount) {}
  }
}
