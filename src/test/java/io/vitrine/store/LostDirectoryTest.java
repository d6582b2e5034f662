package io.vitrine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.file.DirectIo;
import io.vitrine.store.file.FileBlobStore;
import io.vitrine.store.file.FileLayout;
import io.vitrine.store.kind.Founding;
import io.vitrine.transfer.disk.DiskSpace;
import io.vitrine.transfer.disk.UnmountedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories whose file system goes away, which leaves an empty mount point or nothing. */
class LostDirectoryTest {
  private final Path first;
  private final Path second;
  private final Path aside;

  LostDirectoryTest(@TempDir Path parent) {
    first = parent.resolve("first");
    second = parent.resolve("second");
    aside = parent.resolve("aside");
  }

  private static FileLayout layout(Path... directories) {
    var all = new ArrayList<FileLayout.Directory>();
    for (var directory : directories) {
      all.add(new FileLayout.Directory(directory, 100 - all.size()));
    }
    return new FileLayout(all, 0, Optional.empty(), false, DirectIo.AUTO, true, false);
  }

  private static FileBlobStore store(Founding founding, Path... directories) throws IOException {
    return new FileBlobStore("local", layout(directories), founding, new DiskSpace());
  }

  private static BlobRef write(FileBlobStore store) throws IOException {
    var blob = TestingNode.blob();
    var writer = store.begin(blob, OptionalLong.empty());
    writer.write(ByteBuffer.allocate(10));
    writer.commit();
    return blob;
  }

  private void unmount(Path directory, boolean leavesMountPoint) throws IOException {
    Files.move(directory, aside);
    if (leavesMountPoint) {
      Files.createDirectory(directory);
    }
  }

  private void mount(Path directory) throws IOException {
    Files.deleteIfExists(directory);
    Files.move(aside, directory);
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  @Test
  void answersNothingUntilItIsBack() throws IOException {
    for (boolean leavesMountPoint : new boolean[] {true, false}) {
      var store = store(Founding.ALWAYS, first);
      var blob = write(store);
      unmount(first, leavesMountPoint);

      assertThatThrownBy(() -> store.begin(TestingNode.blob(), OptionalLong.of(1)))
          .isInstanceOf(UnmountedException.class)
          .hasMessageContaining(first.toString());
      assertThatThrownBy(() -> store.open(blob)).isInstanceOf(UnmountedException.class);
      assertThatThrownBy(() -> store.delete(blob)).isInstanceOf(UnmountedException.class);
      assertThatThrownBy(() -> store.visit(kept -> {})).isInstanceOf(UnmountedException.class);
      assertThatThrownBy(store::check).isInstanceOf(UnmountedException.class);
      assertThat(Files.exists(first)).isEqualTo(leavesMountPoint);
      if (leavesMountPoint) {
        assertThat(entries(first)).isEmpty();
      }

      mount(first);
      store.check();
      assertThat(store.file(blob)).isPresent();
      assertThat(store.delete(blob)).isTrue();
      store.close();
    }
  }

  @Test
  void commitsNothingBesideIt() throws IOException {
    var store = store(Founding.ALWAYS, first);
    var blob = TestingNode.blob();
    var writer = store.begin(blob, OptionalLong.empty());
    writer.write(ByteBuffer.allocate(10));
    unmount(first, true);
    // As if it had been begun just after the file system went away.
    var folder = Files.createDirectories(first.resolve(blob.path()).getParent());
    Files.move(aside.resolve(blob.path() + ".part"), first.resolve(blob.path() + ".part"));

    assertThatThrownBy(writer::commit).isInstanceOf(UnmountedException.class);

    assertThat(entries(folder)).isEmpty();
  }

  @Test
  void needsEachOfSeveral() throws IOException {
    var store = store(Founding.ALWAYS, first, second);
    var blob = write(store);
    unmount(second, true);

    assertThatThrownBy(() -> store.begin(TestingNode.blob(), OptionalLong.empty()))
        .isInstanceOf(UnmountedException.class);
    assertThatThrownBy(store::check).isInstanceOf(UnmountedException.class);
    assertThatThrownBy(() -> store.open(TestingNode.blob())).isInstanceOf(UnmountedException.class);
    try (var reader = store.open(blob).orElseThrow()) {
      assertThat(reader.sizeBytes()).isEqualTo(10);
    }

    // The other one remembers it, so it is not taken for new by the next process either.
    assertThatThrownBy(store(Founding.ALWAYS, first, second)::check)
        .isInstanceOf(UnmountedException.class);
    assertThat(entries(second)).isEmpty();
    mount(second);
    store.check();
  }

  @Test
  void takesAFurtherDirectory() throws IOException {
    var blob = write(store(Founding.ALWAYS, first));

    var store = store(hasOthers -> hasOthers, first, second);

    store.check();
    assertThat(store.file(blob)).isPresent();
  }

  @Test
  void makesNoneThatIsNotNew() throws IOException {
    assertThatThrownBy(store(Founding.NEVER, first)::check).isInstanceOf(UnmountedException.class);

    assertThat(first).doesNotExist();
  }

  @Test
  void takesOverDataThatHasNoMark() throws IOException {
    var blob = write(store(Founding.ALWAYS, first));
    Files.delete(first.resolve(".vitrine"));

    var store = store(Founding.NEVER, first);

    store.check();
    assertThat(store.file(blob)).isPresent();
    assertThat(first.resolve(".vitrine")).exists();
  }

  @Test
  void isUsedEmptyOnceItIsMarked() throws IOException {
    var store = store(Founding.NEVER, first);
    assertThatThrownBy(store::check).isInstanceOf(UnmountedException.class);

    Files.createDirectories(first.resolve(".vitrine"));

    store.check();
    assertThat(store.file(write(store))).isPresent();
  }
}
