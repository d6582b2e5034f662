package io.vitrine.store.swift;

import static io.vitrine.store.TestingBlobs.random;
import static io.vitrine.store.TestingBlobs.read;
import static io.vitrine.store.TestingBlobs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.image.problem.Problem;
import io.vitrine.store.KeptBlobContract;
import io.vitrine.store.blob.BlobStore;
import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments are of 1 MiB. */
@Tag("stores")
class KeptSwiftBlobTest extends KeptBlobContract {
  private static final int SEGMENT = 1 << 20;
  private static final byte[] DATA = random(3 * SEGMENT + 77);

  private final SwiftBlobStore here = store();
  private final SwiftBlobStore there = store();

  KeptSwiftBlobTest() {
    super(SEGMENT, DATA);
  }

  @Override
  protected BlobStore here() {
    return here;
  }

  @Override
  protected BlobStore there() {
    return there;
  }

  private static SwiftBlobStore store() {
    return TestingSwift.store("swift", "uploads", SEGMENT);
  }

  @AfterEach
  void leavesNothing() throws IOException {
    here.delete(blob());
    assertThat(kept()).isEmpty();
    here.close();
    there.close();
  }

  @Test
  void countsWholeSegmentsMeanwhile() throws IOException {
    var writer = resume(here, 1, 0);
    write(writer, DATA, 0, SEGMENT + 5);

    assertThat(writer.keep(false)).isEqualTo(SEGMENT);

    writer.abort();
    var next = resume(there, 2, SEGMENT);
    write(next, DATA, SEGMENT, DATA.length);
    next.commit();
    assertIsWhole();
  }

  /** It writes other data, before and after the next one begins. */
  @Test
  void isNotSpoiltByAProcessThatWasTakenForDead() throws IOException {
    var late = resume(there, 1, 0);
    write(late, DATA, 0, SEGMENT);
    write(late, random(SEGMENT), 0, SEGMENT);
    var next = resume(here, 2, SEGMENT);
    write(next, DATA, SEGMENT, 2 * SEGMENT);
    write(late, random(SEGMENT + 78), 0, SEGMENT + 78);
    late.keep(true);
    next.keep(true);
    var last = resume(here, 3, 2 * SEGMENT);
    write(last, DATA, 2 * SEGMENT, DATA.length);

    last.commit();

    assertIsWhole();
  }

  @Test
  void commitsNothingThatAnotherProcessHasCommitted() throws IOException {
    var late = resume(there, 1, 0);
    write(late, random(DATA.length - 1), 0, DATA.length - 1);
    var next = resume(here, 2, 0);
    write(next, DATA, 0, DATA.length);
    next.commit();

    assertThatThrownBy(late::commit).isInstanceOf(IOException.class);

    assertThat(read(here, blob())).isEqualTo(DATA);
  }

  /** The gateway names no more than twenty segments in one manifest. */
  @Test
  void joinsMoreSegmentsThanTheServerTakesInOneManifest() throws IOException {
    var data = random(20 * SEGMENT + 1);
    var first = resume(here, 1, 0, OptionalLong.of(data.length));
    write(first, data, 0, SEGMENT + 7);
    first.keep(true);
    var second = resume(there, 2, SEGMENT + 7, OptionalLong.of(data.length));
    write(second, data, SEGMENT + 7, data.length);

    second.commit();

    assertThat(read(here, blob())).isEqualTo(data);
    assertThat(kept()).singleElement().matches(entry -> entry.sizeBytes() == data.length);
  }

  @Test
  void goesOnWithAWholeObject() throws IOException {
    var first = resume(here, 1, 0);
    write(first, DATA, 0, DATA.length);
    first.seal().close();
    first.abort();

    var second = resume(there, 2, DATA.length - 1);
    assertThat(second.isAhead()).isTrue();
    write(second, DATA, DATA.length - 1, DATA.length);
    second.commit();

    assertIsWhole();
  }

  @ParameterizedTest
  @ValueSource(longs = {1000, SEGMENT + 8})
  void saysThatDataIsLost(long offset) throws IOException {
    var first = resume(here, 1, 0);
    write(first, DATA, 0, 999);
    first.keep(true);

    assertThat(refusal(there, 2, offset)).isInstanceOf(Problem.Missing.class);
  }
}
