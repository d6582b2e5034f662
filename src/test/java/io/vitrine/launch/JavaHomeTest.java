package io.vitrine.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaHomeTest {
  @TempDir private Path root = Path.of("");

  @Test
  void takesTheOneTheUserNames() throws Exception {
    install("usr/lib/jvm/jdk-26", "26");
    var named = install("mine", "25.0.3");

    assertThat(JavaHome.find(Map.of("VITRINE_JAVA_HOME", named.toString()), root)).contains(named);
  }

  @Test
  void takesTheNewestInTheUsualPlaces() throws Exception {
    install("usr/lib/jvm/jdk-17", "17.0.15");
    install("usr/lib/jvm/jdk-25", "25.0.3");
    var newest = install("home/.jdks/temurin-27", "27-ea");
    install("opt/java/26", "26");
    install("home/.sdkman/candidates/java/25", "25");

    assertThat(JavaHome.find(Map.of("HOME", root.resolve("home").toString()), root))
        .contains(newest);
  }

  @Test
  void looksIntoTheDirectoriesOfContainers() throws Exception {
    var java = install("opt/java/openjdk", "25.0.3");

    assertThat(JavaHome.find(Map.of(), root)).contains(java);
  }

  @Test
  void findsNothingInOlderOrBrokenOnes() throws Exception {
    install("usr/lib/jvm/jdk-24", "24.0.1");
    var headless = install("usr/lib/jvm/jdk-25", "25");
    Files.delete(headless.resolve("bin/java"));
    Files.createDirectories(root.resolve("usr/lib/jvm/empty"));

    assertThat(JavaHome.find(Map.of("VITRINE_JAVA_HOME", "/absent"), root)).isEmpty();
  }

  private Path install(String place, String version) throws IOException {
    var home = root.resolve(place);
    Files.createDirectories(home.resolve("bin"));
    var executable =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createFile(home.resolve("bin/java"), executable);
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"Someone\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }
}
