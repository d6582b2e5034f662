package io.vitrine.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WindowedSinkTest {
  private final AtomicInteger drained = new AtomicInteger();

  @Test
  void isFullOnceTheWindowIsUsedUp() {
    var sink = new CountingSink(3);

    sink.write(Buffer.buffer("ab"));
    assertThat(sink.writeQueueFull()).isFalse();

    sink.write(Buffer.buffer("cd"));
    assertThat(sink.writeQueueFull()).isTrue();
  }

  @Test
  void goesOnOnlyOnceThereIsRoom() {
    var sink = new CountingSink(0);
    sink.drainHandler(room -> drained.incrementAndGet());
    sink.write(Buffer.buffer("abc"));

    sink.free(3);
    assertThat(drained).hasValue(0);

    sink.free(1);
    assertThat(drained).hasValue(1);
    assertThat(sink.writeQueueFull()).isFalse();
  }

  private static final class CountingSink extends WindowedSink {
    private CountingSink(long windowBytes) {
      super(windowBytes);
    }

    @Override
    public Future<Void> write(Buffer data) {
      occupy(data.length());
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
      return Future.succeededFuture();
    }
  }
}
