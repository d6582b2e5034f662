package io.vitrine.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the program is run with in the end; Java tells it when asked to. */
class RestartIT {
  private static String run(List<String> options) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+PrintCommandLineFlags");
    command.addAll(options);
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx64m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Launcher.class.getName(), "serve", "--conf", "not there.yaml"));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isNotZero();
    assertThat(output).contains("not there.yaml");
    return output;
  }

  @Test
  void endsWhenTheHeapIsExhausted() throws Exception {
    assertThat(run(List.of())).containsOnlyOnce("-XX:+ExitOnOutOfMemoryError");
  }

  @Test
  void staysAsItIsToldTo() throws Exception {
    assertThat(run(List.of("-XX:-ExitOnOutOfMemoryError", Restart.ALLOW_UNSAFE)))
        .doesNotContain("-XX:+ExitOnOutOfMemoryError")
        .containsOnlyOnce("-XX:-ExitOnOutOfMemoryError");
  }
}
