package io.vitrine.store.swift;

import static io.vitrine.store.TestingBlobs.blob;
import static io.vitrine.store.TestingBlobs.put;
import static io.vitrine.store.TestingBlobs.random;
import static io.vitrine.store.TestingBlobs.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.testing.TestingCeph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the Swift API of Ceph's gateway. */
@Tag("stores")
class SwiftBlobStoreTest extends SwiftStoreContract {
  private static final SwiftLogin LOGIN = TestingSwift.login();

  private final BlobStore store;
  private final BlobRef blob = blob();

  SwiftBlobStoreTest() {
    super(LOGIN, "images");
    store = store();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        131071,
        131072,
        131073,
        SEGMENT_BYTES - 1,
        SEGMENT_BYTES,
        SEGMENT_BYTES + 1,
        7 * SEGMENT_BYTES + 12345
      })
  void keepsBytesOfAnySize(int size) throws IOException {
    var data = random(size);

    put(store, blob, data);

    assertThat(read(store, blob)).isEqualTo(data);
    store.delete(blob);
  }

  /** The gateway names no more than twenty segments in one manifest. */
  @Test
  void joinsMoreSegmentsThanTheServerTakesInOneManifest() throws IOException {
    var data = random(20 * SEGMENT_BYTES + 1);

    put(store, blob, data);

    assertThat(read(store, blob)).isEqualTo(data);
    assertThat(store.delete(blob)).isTrue();
  }

  @Test
  void readsFromAnyPosition() throws IOException {
    var data = random(3 * SEGMENT_BYTES + 17);
    put(store, blob, data);
    try (var reader = store.open(blob).orElseThrow()) {
      for (int position : new int[] {0, 1, SEGMENT_BYTES - 1, 2 * SEGMENT_BYTES, data.length - 1}) {
        int count = Math.min(100, data.length - position);

        assertThat(read(reader, position, count))
            .isEqualTo(Arrays.copyOfRange(data, position, position + count));
      }
      assertThat(reader.read(ByteBuffer.allocate(1), data.length)).isEqualTo(-1);
    }
    store.delete(blob);
  }

  @Test
  void visitsWhatIsCommittedAndWhatIsNot() throws IOException {
    var unfinished = blob();
    put(store, blob, random(2 * SEGMENT_BYTES + 1));
    var writer = store.begin(unfinished, OptionalLong.empty());
    var seen = new ArrayList<BlobStore.Entry>();

    store.visit(seen::add);

    assertThat(seen)
        .extracting(BlobStore.Entry::blob, BlobStore.Entry::sizeBytes, BlobStore.Entry::isCommitted)
        .containsExactlyInAnyOrder(
            tuple(blob.id(), 2L * SEGMENT_BYTES + 1, true), tuple(unfinished.id(), 0L, false));
    writer.abort();
    store.delete(blob);
  }

  @Test
  void endsByItsDeadlineWhenTheServerHangs() throws IOException {
    try (var hasty = elsewhere(LOGIN, Duration.ofSeconds(1))) {
      put(store, blob, random(SEGMENT_BYTES));
      var other = blob();
      var writer = hasty.begin(other, OptionalLong.empty());
      try (var reader = hasty.open(blob).orElseThrow();
          var frozen = TestingCeph.freeze(TestingCeph.GATEWAY)) {
        assertThatThrownBy(() -> writer.write(ByteBuffer.wrap(random(SEGMENT_BYTES))))
            .hasMessageContaining("timed out");
        assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1), 0))
            .hasMessageContaining("timed out");
        assertThat(frozen).isNotNull();
      }
      writer.abort();
      store.delete(blob);
    }
  }

  @Test
  void goesOnReadingAfterARestartOfTheServer() throws IOException {
    var data = random(6 * SEGMENT_BYTES);
    put(store, blob, data);
    try (var reader = store.open(blob).orElseThrow()) {
      var first = read(reader, 0, 3 * SEGMENT_BYTES);

      TestingCeph.restart(TestingCeph.GATEWAY);

      assertThat(first).isEqualTo(Arrays.copyOf(data, 3 * SEGMENT_BYTES));
      assertThat(read(reader, 3L * SEGMENT_BYTES, 3 * SEGMENT_BYTES))
          .isEqualTo(Arrays.copyOfRange(data, 3 * SEGMENT_BYTES, data.length));
    }
    store.delete(blob);
  }

  @Test
  void leavesNothingOfASegmentThatARestartOfTheServerBreaks() throws IOException {
    var writer = store.begin(blob, OptionalLong.empty());
    writer.write(ByteBuffer.wrap(random(SEGMENT_BYTES + SEGMENT_BYTES / 2)));
    TestingCeph.restart(TestingCeph.GATEWAY);

    assertThatThrownBy(writer::commit).isInstanceOf(IOException.class);

    assertThat(store.open(blob)).isEmpty();
  }

  @Test
  void saysWhatItIs() throws IOException {
    store.check();

    assertThat(store.id()).isEqualTo("swift");
  }
}
