package io.vitrine.store.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KeptBlobWriterTest {
  private final Kept kept = new Kept();
  private final KeptBlobWriter writer = new KeptBlobWriter(kept, 3, OptionalLong.empty());
  private final KeptBlobWriter ofWhole = new KeptBlobWriter(kept, 3, OptionalLong.of(5));

  /** Takes note of what it is told. */
  private static final class Kept implements KeptBlob {
    private final StringBuilder calls = new StringBuilder();
    private boolean isBroken;
    private long wholeBytes;

    private void note(String call) throws IOException {
      calls.append(call).append(' ');
      if (isBroken) {
        throw new IOException("broken");
      }
    }

    @Override
    public void start() throws IOException {
      note("start");
    }

    @Override
    public void append(ByteBuffer... data) throws IOException {
      for (var each : data) {
        note(UTF_8.decode(each).toString());
      }
    }

    @Override
    public long keep(boolean isLast) throws IOException {
      note(isLast ? "keep-all" : "keep");
      return 4;
    }

    @Override
    public void complete() throws IOException {
      note("complete");
    }

    @Override
    public Optional<BlobReader> open() {
      return Optional.of(
          new BlobReader() {
            @Override
            public long sizeBytes() {
              return wholeBytes;
            }

            @Override
            public int read(ByteBuffer target, long position) {
              return -1;
            }

            @Override
            public void close() throws IOException {
              note("close-reader");
            }
          });
    }

    @Override
    public void commit() throws IOException {
      note("commit");
    }

    @Override
    public void close() {
      calls.append("close ");
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  @Test
  void passesDataOn() throws IOException {
    writer.start();
    writer.write(bytes("ab"), bytes("c"));
    assertThat(writer.keep(false)).isEqualTo(4);
    writer.commit();

    assertThat(kept.calls).hasToString("start ab c keep complete commit close ");
    assertThat(writer.isAhead()).isFalse();
  }

  @Test
  void onlyCountsDataOfAWholeBlob() throws IOException {
    var data = bytes("ab");
    ofWhole.start();
    ofWhole.write(data);

    assertThat(ofWhole.isAhead()).isTrue();
    assertThat(data.hasRemaining()).isFalse();
    assertThat(ofWhole.keep(false)).isEqualTo(5);
    assertThatThrownBy(() -> ofWhole.write(bytes("c"))).hasMessageContaining("already whole");
    ofWhole.commit();
    assertThat(kept.calls).hasToString("commit close ");
  }

  @Test
  void endsWithoutDataAsItBegan() throws IOException {
    assertThat(writer.keep(true)).isEqualTo(3);

    assertThat(kept.calls).hasToString("close ");
  }

  @Test
  void endsOnce() {
    writer.abort();
    writer.abort();

    assertThat(kept.calls).hasToString("close ");
    assertThatThrownBy(writer::start).hasMessageContaining("aborted or deleted");
    assertThatThrownBy(() -> writer.write(bytes("a"))).hasMessageContaining("aborted or deleted");
    assertThatThrownBy(() -> writer.keep(true)).hasMessageContaining("aborted or deleted");
    assertThatThrownBy(writer::seal).hasMessageContaining("aborted or deleted");
    assertThatThrownBy(writer::commit).hasMessageContaining("aborted or deleted");
  }

  @Test
  void endsWhenTheCommitFails() {
    kept.isBroken = true;

    assertThatThrownBy(writer::commit).hasMessage("broken");

    assertThat(kept.calls).hasToString("complete close ");
  }

  @Test
  void sealsJustTheData() throws IOException {
    writer.write(bytes("ab"));
    kept.wholeBytes = 6;
    assertThatThrownBy(writer::seal).hasMessageContaining("not the size");
    kept.wholeBytes = 5;

    assertThat(writer.seal().sizeBytes()).isEqualTo(5);

    assertThat(kept.calls).hasToString("ab complete close-reader ");
  }
}
