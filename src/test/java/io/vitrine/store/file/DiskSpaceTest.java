package io.vitrine.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.store.TestingNode;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.kind.Founding;
import io.vitrine.transfer.disk.DiskSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs that race for the last room, which is what a store is told not to leave free. */
class DiskSpaceTest {
  private static final int MIB = 1 << 20;

  /** Others write to the disk of the test, too, so the room is much more than they do. */
  private static final long ROOM = 192L * MIB;

  private static final long BLOB = 128L * MIB;

  private final Path directory;
  private final DiskSpace space = new DiskSpace();

  DiskSpaceTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private FileBlobStore store(String name) throws IOException {
    var path = Files.createDirectories(directory.resolve(name));
    long free = Files.getFileStore(path).getUsableSpace();
    var layout =
        new FileLayout(
            List.of(new FileLayout.Directory(path, 0)),
            free - ROOM,
            Optional.empty(),
            false,
            DirectIo.FALSE,
            false,
            false);
    return new FileBlobStore(name, layout, Founding.ALWAYS, space);
  }

  /** Writes a blob of random bytes; false if there was no room for it. */
  private static boolean write(BlobStore store, OptionalLong length, CyclicBarrier start) {
    var piece = new byte[MIB];
    ThreadLocalRandom.current().nextBytes(piece);
    try {
      start.await();
      var writer = store.begin(TestingNode.blob(), length);
      try {
        for (long left = BLOB; left > 0; left -= piece.length) {
          writer.write(ByteBuffer.wrap(piece));
        }
        writer.commit();
        return true;
      } catch (IOException full) {
        writer.abort();
        throw full;
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space left")) {
        throw new UncheckedIOException(full);
      }
      return false;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static long race(List<FileBlobStore> stores, List<OptionalLong> lengths) {
    var start = new CyclicBarrier(lengths.size());
    var writers =
        IntStream.range(0, lengths.size())
            .mapToObj(
                index ->
                    CompletableFuture.supplyAsync(
                        () -> write(stores.get(index % stores.size()), lengths.get(index), start),
                        task -> Thread.ofPlatform().start(task)))
            .toList();
    return writers.stream().filter(CompletableFuture::join).count();
  }

  @Test
  void givesItToOneWhoseLengthIsKnown() throws IOException {
    var known = OptionalLong.of(BLOB);

    assertThat(race(List.of(store("a")), List.of(known, known, known))).isEqualTo(1);
  }

  @Test
  void givesItToOneWhoseLengthIsNotKnown() throws IOException {
    var unknown = OptionalLong.empty();

    assertThat(race(List.of(store("a")), List.of(unknown, unknown, unknown))).isEqualTo(1);
  }

  @Test
  void givesItToOneOfSeveralStores() throws IOException {
    var known = OptionalLong.of(BLOB);
    var unknown = OptionalLong.empty();

    assertThat(race(List.of(store("a"), store("b")), List.of(known, unknown, unknown)))
        .isEqualTo(1);
  }

  @Test
  void refusesAtOnceWhatHasNoRoomBesideOthers() throws IOException {
    var store = store("a");
    var first = store.begin(TestingNode.blob(), OptionalLong.of(BLOB));

    assertThatThrownBy(() -> store.begin(TestingNode.blob(), OptionalLong.of(BLOB)))
        .hasMessageContaining("No space left");
    first.abort();

    store.begin(TestingNode.blob(), OptionalLong.of(BLOB)).abort();
  }
}
