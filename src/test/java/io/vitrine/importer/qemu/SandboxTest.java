package io.vitrine.importer.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.importer.TestingImages;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SandboxTest {
  private final Sandbox sandbox = Sandbox.ofThisMachine();

  @Test
  void lacksAtMostWhatContainersForbid() {
    assertThat(sandbox.missing()).isSubsetOf("no network");
  }

  @Test
  void tellsWhatHolds() {
    var isolation = sandbox.isolationOf("qemu-img");

    assertThat(isolation.missing()).isEqualTo(sandbox.missing());
    assertThat(isolation.held()).contains("no privileges", "death with the parent", "limits");
    assertThat(isolation.protections()).hasSize(4);
  }

  @Test
  void givesNoEnvironmentToTheProgram() throws Exception {
    assertThat(outputOf("/usr/bin/env")).containsOnly("LC_ALL=C", "MALLOC_ARENA_MAX=1");
  }

  @Test
  void givesNoNetworkToTheProgramOrSaysSo() throws Exception {
    var interfaces =
        outputOf("/bin/cat", "/proc/net/dev").stream().skip(2).map(String::strip).toList();

    boolean isAlone = interfaces.stream().allMatch(line -> line.startsWith("lo:"));
    assertThat(isAlone || sandbox.missing().contains("no network")).isTrue();
  }

  @Test
  void takesPrivilegesFromTheProgram() throws Exception {
    var status = outputOf("/bin/cat", "/proc/self/status");

    assertThat(status).contains("CapEff:\t0000000000000000", "NoNewPrivs:\t1");
  }

  @Test
  void limitsTheProgram() throws Exception {
    var limits = outputOf("/bin/cat", "/proc/self/limits");

    assertThat(limits)
        .anyMatch(line -> line.matches("Max address space +536870912 +536870912 +bytes *"))
        .anyMatch(line -> line.matches("Max file size +536870912 +536870912 +bytes *"))
        .anyMatch(line -> line.matches("Max cpu time +60 +65 +seconds *"))
        .anyMatch(line -> line.matches("Max open files +64 +64 +files *"))
        .anyMatch(line -> line.matches("Max core file size +0 +0 +bytes *"));
  }

  @Test
  void givesNoInputToTheProgram() throws Exception {
    assertThat(outputOf("/bin/cat")).isEmpty();
  }

  private List<String> outputOf(String... program) throws Exception {
    var process = sandbox.process(List.of(program), Path.of("/"), TestingImages.LIMITS).start();
    try (var output = process.inputReader(UTF_8)) {
      var lines = output.readAllLines();
      assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
      return lines;
    }
  }
}
