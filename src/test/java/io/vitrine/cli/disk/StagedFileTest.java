package io.vitrine.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.config.FileFault;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFileTest {
  @TempDir private Path directory = Path.of("");
  private Path destination = Path.of("");

  @BeforeEach
  void name() {
    destination = directory.resolve("disk.raw");
  }

  @Test
  void appearsWhenItIsComplete() throws Exception {
    try (var file = StagedFile.beside(destination, false)) {
      Files.writeString(file.path(), "disk");
      assertThat(destination).doesNotExist();
      file.commit();
    }

    assertThat(directory).isDirectoryContaining(destination::equals);
    assertThat(directory.toFile().list()).hasSize(1);
    assertThat(destination).hasContent("disk");
  }

  @Test
  void hasTheUsualPermissions() throws Exception {
    var usual = Files.createFile(directory.resolve("usual"));

    try (var file = StagedFile.beside(destination, false)) {
      assertThat(permissions(file.path())).isEqualTo(permissions(usual));
    }
  }

  @Test
  void leavesNothingUnlessComplete() throws Exception {
    try (var file = StagedFile.beside(destination, false)) {
      Files.writeString(file.path(), "di");
    }

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void replacesAFileOnlyIfTold() throws Exception {
    Files.writeString(destination, "old");

    assertThat(refusal(false)).isEqualTo(destination + ": exists; --force replaces it");
    assertThat(destination).hasContent("old");
    assertThat(directory.toFile().list()).hasSize(1);

    try (var file = StagedFile.beside(destination, true)) {
      Files.writeString(file.path(), "new");
      file.commit();
    }
    assertThat(destination).hasContent("new");
  }

  @Test
  void doesNotReplaceAFileThatAppearedMeanwhile() throws Exception {
    try (var file = StagedFile.beside(destination, false)) {
      Files.writeString(destination, "other");

      assertThatThrownBy(file::commit).isInstanceOf(FileAlreadyExistsException.class);
    }

    assertThat(destination).hasContent("other");
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  void neverReplacesWhatIsNoFile() throws Exception {
    Files.createSymbolicLink(destination, directory.resolve("nowhere"));

    assertThat(refusal(true)).isEqualTo(destination + ": exists and is not a regular file");
    assertThat(refusal(false)).isEqualTo(destination + ": exists and is not a regular file");

    Files.delete(destination);
    Files.createDirectory(destination);
    assertThat(refusal(true)).isEqualTo(destination + ": exists and is not a regular file");
  }

  @Test
  void needsADirectory() {
    var astray = directory.resolve("absent").resolve("disk.raw");

    assertThatThrownBy(() -> StagedFile.beside(astray, false))
        .isInstanceOfSatisfying(
            NoSuchFileException.class,
            missing ->
                assertThat(FileFault.words(missing))
                    .isEqualTo(astray.getParent() + ": no such file or directory"));
  }

  private String refusal(boolean isReplacing) {
    try (var _ = StagedFile.beside(destination, isReplacing)) {
      return "none";
    } catch (IOException refused) {
      return FileFault.words(refused);
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
