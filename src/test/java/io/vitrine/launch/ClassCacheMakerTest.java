package io.vitrine.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.launch.ClassCacheMaker.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a program: no training can succeed. */
class ClassCacheMakerTest {
  @TempDir private Path home = Path.of("");

  private ClassCacheMaker maker(Path directory) {
    var cache = new ClassCache(directory.resolve("0000abcd.aot"), List.of());
    return new ClassCacheMaker(cache, home.resolve("gone.jar").toString());
  }

  @Test
  void triesOnceADayWhatDoesNotWork() throws Exception {
    var directory = home.resolve("caches");

    assertThat(maker(directory).makeIfMissing()).isEqualTo(Outcome.FAILED);
    assertThat(directory.resolve("0000abcd.aot")).isEmptyFile();
    assertThat(maker(directory).makeIfMissing()).isEqualTo(Outcome.FOUND);

    var yesterday = FileTime.from(Instant.now().minus(Duration.ofHours(25)));
    Files.setLastModifiedTime(directory.resolve("0000abcd.aot"), yesterday);
    assertThat(maker(directory).makeIfMissing()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void makesAnotherInPlaceOfOneThatJavaRefuses() throws Exception {
    var file = Files.writeString(home.resolve("0000abcd.aot"), "damaged");

    assertThat(maker(home).makeIfMissing()).isEqualTo(Outcome.FAILED);
    assertThat(file).isEmptyFile();
  }

  @Test
  void leavesDirectoryAloneThatOthersCanWriteTo() throws Exception {
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(maker(home).makeIfMissing()).isEqualTo(Outcome.LEFT);
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void clearsAwayWhatIsLeftAndOld() throws Exception {
    Files.createFile(home.resolve("0000abcd.aot.17.new"));
    Files.createFile(home.resolve("0000abcd.aot.17.new.config"));
    for (int age = 1; age <= 5; age++) {
      var old = Files.createFile(home.resolve(age + ".aot"));
      Files.setLastModifiedTime(old, FileTime.fromMillis(10_000 - age));
    }

    maker(home).makeIfMissing();

    assertThat(home).isDirectoryNotContaining("glob:**.new*");
    try (var files = Files.list(home)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("lock", "0000abcd.aot", "1.aot", "2.aot");
    }
  }
}
