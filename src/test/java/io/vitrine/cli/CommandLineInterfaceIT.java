package io.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.catalog.embedded.TestingHome;
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

class CommandLineInterfaceIT {
  @TempDir private Path directory = Path.of("");
  private final List<VitrineConfig> served = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void servesWithTheFilesAndTheEnvironment() throws Exception {
    var first = Files.writeString(directory.resolve("a.yaml"), "http: {port: 1}");
    var second = Files.writeString(directory.resolve("b.yaml"), "http: {port: 2}");

    var code =
        run(
            Map.of("VITRINE_NODE__NAME", "blue"),
            "serve",
            "--conf",
            first.toString(),
            "--conf=" + second);

    assertThat(code).isZero();
    assertThat(served).hasSize(1);
    assertThat(served.getFirst().http().port()).isEqualTo(2);
    assertThat(served.getFirst().node().name()).isEqualTo("blue");
  }

  @Test
  void failsWhenServingFails() {
    Serving broken =
        config -> {
          throw new IllegalStateException("no port");
        };

    var code =
        new CommandLineInterface(broken, Map.of(), new PrintWriter(out), new PrintWriter(err, true))
            .run("serve");

    assertThat(code).isEqualTo(1);
    assertThat(err).hasToString("no port\n");
  }

  @Test
  void printsTheConfigurationWithoutSecrets() {
    var code = run(Map.of("VITRINE_DATABASE__PASSWORD", "sesame"), "config", "check");

    assertThat(code).isZero();
    assertThat(out.toString()).contains("  port: 9292\n", "  password: \"(hidden)\"\n");
    assertThat(out.toString()).doesNotContain("sesame");
  }

  @Test
  void tellsHowConversionIsIsolated() {
    run(Map.of(), "config", "check");
    run(Map.of("VITRINE_IMPORT__CONVERSION__ENGINE", "qemu-img"), "config", "check");
    run(Map.of("VITRINE_ROLES", "http,store"), "config", "check");

    assertThat(out.toString().lines().filter(line -> line.startsWith("#")))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo("# conversion: in this process; no other program reads images"),
            line -> assertThat(line).startsWith("# conversion: ").contains("qemu-img"));
  }

  @Test
  void printsOneFaultToALine() {
    var code = run(Map.of("VITRINE_HTTP__PORT", "x", "VITRINE_LEASE__TTL", "0s"), "serve");

    assertThat(code).isEqualTo(2);
    assertThat(served).isEmpty();
    assertThat(err.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("http.port: "),
            line -> assertThat(line).startsWith("lease.ttl: "));
  }

  @Test
  void looksAfterTheEmbeddedDatabase() throws Exception {
    TestingHome.prepare(directory);
    var environment = Map.of("VITRINE_DATA__DIR", directory.toString());

    var codes =
        List.of(
            run(environment, "db", "check"),
            run(environment, "db", "migrate"),
            run(environment, "db", "check"));

    assertThat(codes).containsExactly(3, 0, 0);
    assertThat(err.toString())
        .matches("The database has no schema yet, but version \\d+ is needed; run db migrate\\.\n");
    assertThat(out.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("The schema has version \\d+\\."),
            line -> assertThat(line).matches("The schema has version \\d+, as needed\\."));
  }

  @Test
  void saysWhichDatabaseDoesNotAnswer() {
    var environment = Map.of("VITRINE_DATABASE__URL", "postgresql://u:sesame@127.0.0.1:1/d");

    var code = run(environment, "db", "check", "--wait", "10ms");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString().lines())
        .last()
        .asString()
        .startsWith("The database does not answer: ")
        .doesNotContain("sesame");
  }

  @Test
  void explainsADecision() throws Exception {
    var rules =
        Files.writeString(directory.resolve("policy.yaml"), "copy_image: role:a or not role:b");
    var environment = Map.of("VITRINE_POLICY__FILE", rules.toString());

    var codes =
        List.of(
            run(environment, "policy", "check", "--rule", "copy_image", "--role", "b"),
            run(
                environment,
                "policy",
                "check",
                "--rule=modify_image",
                "--role=member",
                "--project=p",
                "--user=u",
                "--target=project_id=p"));

    assertThat(codes).containsExactly(1, 0);
    assertThat(out)
        .hasToString(
            """
            denied   rule:copy_image
              denied   (role:a or not role:b)
                denied   role:a
                denied   not role:b
                  allowed  role:b
            allowed  rule:modify_image
              allowed  (rule:context_is_admin or (role:member and project_id:%(project_id)s))
                allowed  (role:member and project_id:%(project_id)s)
                  allowed  role:member
                  allowed  project_id:%(project_id)s
            """);
  }

  @Test
  void listsTheRulesInForce() throws Exception {
    var rules = Files.writeString(directory.resolve("policy.yaml"), "copy_image: role:copier");

    var code = run(Map.of("VITRINE_POLICY__FILE", rules.toString()), "policy", "list");

    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("\"copy_image\": \"role:copier\"\n", "\"tasks_api_access\": \"rule:context");
  }

  @Test
  void saysWhatIsWrongWithRules() throws Exception {
    var rules = Files.writeString(directory.resolve("policy.yaml"), "copy_image: rule:x");
    var environment = Map.of("VITRINE_POLICY__FILE", rules.toString());

    assertThat(run(environment, "policy", "list")).isEqualTo(2);
    assertThat(run(Map.of(), "policy", "check", "--rule", "x")).isEqualTo(2);
    assertThat(err.toString())
        .contains("copy_image: there is no rule \"x\"", "There is no rule \"x\"; see policy list.");
  }

  @Test
  void wantsAKnownCommand() {
    assertThat(List.of(run(Map.of()), run(Map.of(), "swerve"), run(Map.of(), "serve", "--cnf")))
        .containsExactly(2, 2, 2);
    assertThat(run(Map.of(), "db")).isEqualTo(2);
    assertThat(run(Map.of(), "config")).isEqualTo(2);
  }

  @Test
  void helpsAndNamesItsVersion() {
    assertThat(run(Map.of(), "--help")).isZero();
    assertThat(run(Map.of(), "--version")).isZero();
    assertThat(out.toString())
        .contains("serve", "db", "config")
        // The revision is known where the sources lie in a repository.
        .containsPattern("vitrine \\(unpackaged\\)( \\([0-9a-f]{40}.*\\))?\n");
  }

  @Test
  void bringsMetadataDefinitionsInAndOut() throws Exception {
    TestingHome.prepare(directory.resolve("data"));
    var environment = Map.of("VITRINE_DATA__DIR", directory.resolve("data").toString());
    var files = Files.createDirectory(directory.resolve("in"));
    Files.writeString(files.resolve("a.json"), "{\"namespace\": \"a\"}");
    Files.writeString(files.resolve("b.json"), "broken");
    var written = directory.resolve("out");

    var codes =
        List.of(
            run(environment, "metadefs", "load", files.toString()),
            run(environment, "metadefs", "load", files.resolve("a.json").toString()),
            run(environment, "metadefs", "load", "--merge", files.resolve("a.json").toString()),
            run(environment, "metadefs", "export", written.toString()),
            run(environment, "metadefs", "unload"));

    assertThat(codes).containsExactly(1, 0, 0, 0, 0);
    assertThat(written.resolve("a.json")).content().contains("\"namespace\" : \"a\"");
    assertThat(err.toString()).contains("b.json: not a file with a JSON object");
    assertThat(out.toString().lines())
        .containsExactly(
            "Loaded a.",
            "Skipped a: it already exists.",
            "Loaded a.",
            "Wrote 1 namespaces.",
            "The catalog of metadata definitions is empty.");
  }

  @Test
  void refusesToLoadInTwoWays() {
    var place = directory.toString();

    assertThat(run(Map.of(), "metadefs", "load", "--overwrite", place)).isEqualTo(2);
    assertThat(run(Map.of(), "metadefs", "load", "--merge", "--prefer_new", "--overwrite", place))
        .isEqualTo(2);
  }

  private int run(Map<String, String> environment, String... arguments) {
    return new CommandLineInterface(
            served::add, environment, new PrintWriter(out, true), new PrintWriter(err, true))
        .run(arguments);
  }
}
