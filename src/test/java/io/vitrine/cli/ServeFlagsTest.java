package io.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.settings.VitrineConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeFlagsTest {
  @TempDir private Path directory = Path.of("");
  private final StringWriter out = new StringWriter();

  @Test
  void winOverFilesAndTheEnvironment() throws Exception {
    var file = Files.writeString(directory.resolve("a.yaml"), "http: {host: 127.0.0.2, port: 1}");
    var environment = Map.of("VITRINE_HTTP__PORT", "2", "VITRINE_DATA__DIR", "/elsewhere");

    var config =
        served(environment, "--conf=" + file, "--host=::1", "--port=3", "--data=" + directory);

    assertThat(config.http().host()).isEqualTo("::1");
    assertThat(config.http().port()).isEqualTo(3);
    assertThat(config.data().dir()).isEqualTo(directory);
  }

  @Test
  void putTheManagementPortBesideTheApis() {
    assertThat(served(Map.of(), "--port", "9392").management().port()).isEqualTo(9393);
    assertThat(served(Map.of(), "--port", "0").management().port()).isZero();
    assertThat(served(Map.of(), "--port", "65535").management().port()).isEqualTo(65534);
    assertThat(served(Map.of()).management().port()).isEqualTo(9293);
  }

  @Test
  void leaveAManagementPortThatIsConfigured() throws Exception {
    var file = Files.writeString(directory.resolve("a.yaml"), "management: {port: 5}");

    assertThat(served(Map.of(), "--conf=" + file, "--port=9392").management().port()).isEqualTo(5);
    assertThat(served(Map.of("VITRINE_MANAGEMENT__PORT", "6"), "--port=9392").management().port())
        .isEqualTo(6);
  }

  @Test
  void areExplained() {
    run(new ArrayList<>(), Map.of(), "serve", "--help");

    assertThat(out.toString()).contains("--port=N", "--data=DIR", "--host=ADDRESS");
  }

  private VitrineConfig served(Map<String, String> environment, String... flags) {
    var arguments = new ArrayList<>(List.of("serve"));
    arguments.addAll(List.of(flags));
    var served = new ArrayList<VitrineConfig>();
    run(served, environment, arguments.toArray(String[]::new));
    return served.getFirst();
  }

  private void run(
      List<VitrineConfig> served, Map<String, String> environment, String... arguments) {
    new CommandLineInterface(
            served::add,
            environment,
            new PrintWriter(out, true),
            new PrintWriter(new StringWriter(), true))
        .run(arguments);
  }
}
