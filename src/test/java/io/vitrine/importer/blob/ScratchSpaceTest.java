package io.vitrine.importer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchSpaceTest {
  private final UUID task = UUID.randomUUID();

  private final Path directory;

  ScratchSpaceTest(@TempDir Path parent) {
    directory = parent.resolve("made/when/missing");
  }

  @Test
  void givesEachTaskAnEmptyDirectory() throws IOException {
    try (var space = ScratchSpace.open(directory)) {
      var first = space.make(task);
      var second = space.make(UUID.randomUUID());

      assertThat(first).isEmptyDirectory().hasParent(directory).isNotEqualTo(second);
    }
  }

  @Test
  void emptiesWhatAnEarlierAttemptLeft() throws IOException {
    try (var space = ScratchSpace.open(directory)) {
      Files.writeString(space.make(task).resolve("source"), "half");

      assertThat(space.make(task)).isEmptyDirectory();
    }
  }

  @Test
  void removesADirectoryWithAllInIt() throws IOException {
    try (var space = ScratchSpace.open(directory)) {
      var made = space.make(task);
      Files.writeString(Files.createDirectories(made.resolve("a/b")).resolve("c"), "data");

      space.remove(task);
      space.remove(task);

      assertThat(made).doesNotExist();
    }
  }

  @Test
  void removesLinksButNotWhatTheyLeadTo() throws IOException {
    try (var space = ScratchSpace.open(directory)) {
      var outside = Files.writeString(directory.resolveSibling("outside"), "kept");
      Files.createSymbolicLink(space.make(task).resolve("link"), outside);
      Files.createSymbolicLink(
          directory.resolve(task.toString()).resolve("up"), directory.getParent());

      space.remove(task);

      assertThat(directory.resolve(task.toString())).doesNotExist();
      assertThat(outside).hasContent("kept");
    }
  }

  @Test
  void emptiesWhatAKilledProcessLeft() throws IOException {
    try (var space = ScratchSpace.open(directory)) {
      Files.writeString(space.make(task).resolve("source"), "half");
    }
    Files.writeString(directory.resolve("stray"), "left");

    try (var space = ScratchSpace.open(directory)) {
      assertThat(directory.resolve(task.toString())).doesNotExist();
      assertThat(directory.resolve("stray")).doesNotExist();
      assertThat(space.make(task)).isEmptyDirectory();
    }
  }

  @Test
  void belongsToOneAtATime() throws IOException {
    try (var space = ScratchSpace.open(directory)) {
      var made = space.make(task);

      assertThatThrownBy(() -> ScratchSpace.open(directory))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("import.scratch_dir");
      assertThat(made).exists();
    }
    ScratchSpace.open(directory).close();
  }
}
