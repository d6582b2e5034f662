package io.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a server from starting is told in one line, with what to change. */
class StartFailureTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void namesAddressPortAndKeyOfAPortThatIsTaken() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var taken = String.valueOf(other.getLocalPort());
      var address = "127.0.0.1:" + taken + " is in use by another process";

      assertThat(failure(Map.of("VITRINE_HTTP__PORT", taken)))
          .startsWith("http.port: " + address)
          .contains("serve --port 9392 --data DIR", "VITRINE_HTTP__PORT");
      assertThat(failure(Map.of("VITRINE_MANAGEMENT__PORT", taken)))
          .startsWith("management.port: " + address);
      assertThat(failure(Map.of("VITRINE_UWSGI__HOST", "127.0.0.1", "VITRINE_UWSGI__PORT", taken)))
          .startsWith("uwsgi.port: " + address);
      assertThat(failure(Map.of(), "--port", taken)).startsWith("http.port: " + address);
      assertThat(directory.resolve("data")).doesNotExist();
    }
  }

  @Test
  void namesPortsOfItsOwnThatAreTheSame() {
    assertThat(failure(Map.of("VITRINE_HTTP__PORT", "19292", "VITRINE_MANAGEMENT__PORT", "19292")))
        .isEqualTo(
            "management.port and http.port are both 19292 on 127.0.0.1; give each a port of its"
                + " own.");
  }

  @Test
  void namesAHostOfAnotherMachine() {
    assertThat(failure(Map.of("VITRINE_MANAGEMENT__HOST", "192.0.2.1")))
        .startsWith("management.host: 192.0.2.1 is not an address of this machine");
    assertThat(failure(Map.of("VITRINE_MANAGEMENT__HOST", "no such host")))
        .startsWith("management.host: \"no such host\" is neither an address nor a name");
  }

  @Test
  void namesADataDirectoryThatCannotBeWrittenTo() throws Exception {
    var file = Files.createFile(directory.resolve("file"));

    assertThat(failure(Map.of(), "--data", file.resolve("data").toString()))
        .startsWith("data.dir: cannot write to " + file.resolve("data") + " (")
        .contains("serve --data DIR");
  }

  @Test
  void namesADataDirectoryThatIsTaken() throws Exception {
    var home = Files.createDirectories(directory.resolve("data/postgresql"));
    try (var channel =
            FileChannel.open(
                home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThat(failure(Map.of()))
          .contains(home.toString(), "is in use by another Vitrine", "data.dir");
    }
  }

  @Test
  void namesACertificateThatIsOfNoUse() throws Exception {
    var broken = Files.writeString(directory.resolve("broken.pem"), "no PEM").toString();
    var settings =
        Map.of("VITRINE_HTTP__TLS__CERTIFICATE", broken, "VITRINE_HTTP__TLS__KEY", broken);

    assertThat(failure(settings)).startsWith("http.tls: certificate " + broken);
  }

  @Test
  void namesAConverterThatIsNotThere() {
    var settings =
        Map.of(
            "VITRINE_IMPORT__CONVERSION__ENGINE",
            "qemu-img",
            "VITRINE_IMPORT__CONVERSION__QEMU_IMG",
            "/opt/none/qemu-img");

    assertThat(failure(settings))
        .startsWith(
            "import.conversion.qemu_img: there is no program \"/opt/none/qemu-img\" that can be run");
  }

  @Test
  void namesASocketThatCannotBeMade() {
    assertThat(failure(Map.of("VITRINE_UWSGI__SOCKET", "/nowhere/at/all")))
        .startsWith("uwsgi.socket: /nowhere/at is not a directory");
  }

  @Test
  void namesADatabaseThatCannotBeReached() {
    var url = "postgresql://u:sesame@127.0.0.1:1/db";

    assertThat(
            failure(Map.of("VITRINE_DATABASE__URL", url, "VITRINE_DATABASE__START_TIMEOUT", "0s")))
        .contains("127.0.0.1:1")
        .doesNotContain("sesame");
  }

  @Test
  void namesWhatTheConfigurationMayHold() {
    assertThat(failure(Map.of("VITRINE_ROLES", "web")))
        .startsWith("roles: [\"web\"] is not allowed");
    assertThat(failure(Map.of(), "--port", "70000")).startsWith("http.port: 70000 is not allowed");
    assertThat(failure(Map.of("VITRINE_HTTP__HOST", "0.0.0.0"))).startsWith("http.host: ");
    assertThat(failure(Map.of(), "--host", "0.0.0.0")).startsWith("http.host: ");
  }

  @Test
  void namesAFileThatCannotBeRead() {
    assertThat(failure(Map.of("VITRINE_POLICY__FILE", "/nowhere/policy.yaml")))
        .startsWith("policy.file: ");
  }

  /** The one line that a start prints; it must fail. */
  private String failure(Map<String, String> settings, String... flags) {
    var environment = new HashMap<>(Map.of("VITRINE_HTTP__PORT", "0"));
    environment.put("VITRINE_MANAGEMENT__PORT", "0");
    environment.put("VITRINE_DATA__DIR", directory.resolve("data").toString());
    environment.putAll(settings);
    var err = new StringWriter();
    var out = new StringWriter();
    var arguments = new String[flags.length + 1];
    arguments[0] = "serve";
    System.arraycopy(flags, 0, arguments, 1, flags.length);

    int code =
        Main.run(environment, new PrintWriter(out, true), new PrintWriter(err, true), arguments);

    assertThat(code).isNotZero();
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines()).hasSize(1);
    return err.toString().strip();
  }
}
