package io.vitrine.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassCacheTest {
  @TempDir private Path directory = Path.of("");
  private Path jar = Path.of("");

  @BeforeEach
  void placesProgram() throws IOException {
    jar = Files.createFile(directory.resolve("vitrine.jar"));
  }

  private ClassCache cache(String... arguments) {
    var environment = Map.of(ClassCache.VARIABLE, directory.toString());
    return ClassCache.of(environment, List.of(arguments), jar.toString()).orElseThrow();
  }

  private Path parent(Map<String, String> environment) {
    var cache = ClassCache.of(environment, List.of(), jar.toString());
    return cache.map(found -> found.file().getParent()).orElse(Path.of("none"));
  }

  @Test
  void liesWhereTheUserSaysOrAmongCaches() {
    var all =
        Map.of(
            ClassCache.VARIABLE,
            "/mine",
            "CACHE_DIRECTORY",
            "/var/cache/vitrine",
            "XDG_CACHE_HOME",
            "/caches",
            "HOME",
            "/home/me");

    assertThat(parent(all)).hasToString("/mine");
    assertThat(parent(Map.of("CACHE_DIRECTORY", "/var/cache/vitrine", "HOME", "/home/me")))
        .hasToString("/var/cache/vitrine");
    assertThat(parent(Map.of("XDG_CACHE_HOME", "/caches", "HOME", "/home/me")))
        .hasToString("/caches/vitrine");
    assertThat(parent(Map.of("HOME", "/home/me"))).hasToString("/home/me/.cache/vitrine");
    assertThat(parent(Map.of())).hasToString("none");
    assertThat(parent(Map.of(ClassCache.VARIABLE, "off", "HOME", "/home/me"))).hasToString("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:AOTCache=/opt/vitrine/vitrine.aot",
        "-XX:AOTCacheOutput=new.aot",
        "-Xshare:off",
        "-XX:SharedArchiveFile=old.jsa",
        "-XX:+UseZGC",
        "-javaagent:agent.jar"
      })
  void leavesProcessAloneThatExcludesIt(String option) {
    var environment = Map.of(ClassCache.VARIABLE, directory.toString());

    assertThat(ClassCache.of(environment, List.of(option), jar.toString())).isEmpty();
  }

  @Test
  void isForProgramsInOneJar() {
    var environment = Map.of(ClassCache.VARIABLE, directory.toString());

    assertThat(ClassCache.of(environment, List.of(), directory.toString())).isEmpty();
    assertThat(ClassCache.of(environment, List.of(), jar + ":" + jar)).isEmpty();
    assertThat(ClassCache.of(environment, List.of(), jar + "gone.jar")).isEmpty();
  }

  @Test
  void isKnownAgainByTheProcessThatReadsIt() {
    var cache = cache("-Xmx256m");
    var arguments = cache.reading().toArray(String[]::new);

    assertThat(cache(arguments)).isEqualTo(cache);
  }

  @Test
  void isAnotherForOtherOptionsOfClassesAndAnotherProgram() throws Exception {
    var first = cache("-Xmx256m", "-Dsome=thing");

    assertThat(cache("-Xmx1g")).isEqualTo(first);
    assertThat(cache("--enable-native-access=ALL-UNNAMED").file()).isNotEqualTo(first.file());
    assertThat(cache("-XX:+UseSerialGC").options()).containsExactly("-XX:+UseSerialGC");
    Files.writeString(jar, "a new version");
    assertThat(cache("-Xmx256m").file()).isNotEqualTo(first.file());
  }

  @Test
  void isUsedOnlyIfNobodyElseCanHaveWrittenIt() throws Exception {
    var cache = cache();
    assertThat(cache.isUsable()).as("absent").isFalse();

    var file = Files.createFile(cache.file());
    permit(file, "rw-r--r--");
    assertThat(cache.isUsable()).as("empty").isFalse();

    Files.writeString(file, "classes");
    assertThat(cache.isUsable()).isTrue();

    permit(file, "rw-rw-r--");
    assertThat(cache.isUsable()).as("writable for the group").isFalse();

    permit(file, "rw-r--r--");
    permit(directory, "rwxrwxrwx");
    assertThat(cache.isUsable()).as("in a directory of all").isFalse();
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
