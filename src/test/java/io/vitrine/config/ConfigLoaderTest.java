package io.vitrine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.settings.Role;
import io.vitrine.settings.TestingConfig;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.store.file.DirectIo;
import io.vitrine.store.file.FileConfig;
import io.vitrine.store.kind.StoresConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigLoaderTest {
  @Test
  void laterFilesWin() {
    var config =
        TestingConfig.load(
            "http: {port: 1, host: localhost}", "# nothing but this\n", "http: {port: 2}");

    assertThat(config.http().port()).isEqualTo(2);
    assertThat(config.http().host()).isEqualTo("localhost");
  }

  @Test
  void environmentWinsOverFiles() {
    var environment =
        Map.of(
            "VITRINE_HTTP__PORT", "9393",
            "VITRINE_ROLES", "http, store",
            "VITRINE_TRANSFER__FSYNC", "false",
            "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS", "8080,8443",
            "VITRINE_IMPORT__PLUGINS", "",
            "VITRINE_TRANSFER__MEMORY_BUDGET", "16777216");

    var config =
        TestingConfig.load(
            environment, "http: {port: 1}", "import: {web_download: {allowed_ports: []}}");

    assertThat(config.http().port()).isEqualTo(9393);
    assertThat(config.roles()).containsExactly(Role.HTTP, Role.STORE);
    assertThat(config.transfer().fsync()).isFalse();
    assertThat(config.transfer().memoryBudget()).isEqualTo(ByteSize.of("16MiB"));
    assertThat(config.importing().webDownload().urls().allowedPorts()).containsExactly(8080, 8443);
    assertThat(config.importing().plugins().used()).isEmpty();
  }

  @Test
  void environmentReachesNamedAndNewBackends() {
    var environment =
        Map.of(
            "VITRINE_STORES__BACKENDS__BIG_DISK__DIR", "/big",
            "VITRINE_STORES__BACKENDS__FAST__DESCRIPTION", "new",
            "VITRINE_STORES__DEFAULT", "fast");

    var stores = TestingConfig.load(environment, "stores: {backends: {Big-Disk: {}}}").stores();

    assertThat(stores.backends().keySet()).containsExactly("Big-Disk", "fast");
    assertThat(stores.backends().get("Big-Disk"))
        .isEqualTo(
            new StoresConfig.Backend(
                FileConfig.KIND,
                new FileConfig(
                    Path.of("/big"), List.of(), new ByteSize(0), "", false, DirectIo.AUTO, false),
                "",
                0,
                false,
                false));
    assertThat(stores.defaultBackend()).isEqualTo("fast");
  }

  @Test
  void ignoresVariablesOfKubernetesAndOfTheLauncher() {
    var environment =
        Map.of(
            "VITRINE_JAVA_HOME", "/opt/java",
            "VITRINE_PORT", "tcp://10.0.0.1:9292",
            "VITRINE_SERVICE_HOST", "10.0.0.1",
            "VITRINE_SERVICE_PORT_API", "9292",
            "VITRINE_WORKER_PORT_9292_TCP_ADDR", "10.0.0.1");

    assertThat(TestingConfig.load(environment)).isEqualTo(TestingConfig.defaults());
  }

  @Test
  void unknownVariablesAreFaults() {
    assertThat(
            TestingConfig.faults(
                Map.of(
                    "VITRINE_HTTP_PORT", "1",
                    "VITRINE_LEASE__TLL", "1",
                    "VITRINE_HTTP__PORT__X", "1",
                    "VITRINE_STORES__DEFAULT", "a",
                    "VITRINE_STORES__BACKENDS__A__DIRR", "1")))
        .containsExactlyInAnyOrder(
            "VITRINE_LEASE__TLL: unknown variable; the nearest is VITRINE_LEASE__TTL",
            "VITRINE_HTTP_PORT: unknown variable; the nearest is VITRINE_HTTP__PORT",
            "VITRINE_HTTP__PORT__X: unknown variable; the nearest is VITRINE_HTTP__PORT",
            "VITRINE_STORES__BACKENDS__A__DIRR: unknown variable; the nearest is"
                + " VITRINE_STORES__BACKENDS__A__DIR");
  }

  @Test
  void reportsAllFaultsTogether() {
    var faults =
        TestingConfig.faults(
            Map.of("VITRINE_MANAGEMENT__PORT", "many"),
            """
            http:
              prot: 1
              port: "80"
              idle_timeout: 2h
              max_json_body: 3
              public_endpoint: ftp://x
            roles: [http, stroe]
            lease: 5
            transfer: {fsync: perhaps, window:}
            import: {concurrency: 0, web_download: {allowed_networks: [10.0.0.0]}}
            """);

    assertThat(faults)
        .containsExactlyInAnyOrder(
            "http.prot: unknown key; the nearest is http.port",
            "http.port: \"80\" is not allowed; give a whole number from 0 to 65535",
            "http.idle_timeout: \"2h\" is not allowed; give a duration such as 15s from 1s to 1h",
            "http.max_json_body: 3 is not allowed; give a size such as 4MiB from 1KiB to 64MiB",
            "http.public_endpoint: \"ftp://x\" is not allowed; give empty or an http or https URL",
            "roles: [\"http\",\"stroe\"] is not allowed; give a list of any of http, store, import",
            "lease: not a section; give its keys below it",
            "transfer.fsync: \"perhaps\" is not allowed; give true or false",
            "transfer.window: nothing is not allowed; give a size such as 4MiB from 4KiB to 1GiB",
            "management.port: \"many\" is not allowed; give a whole number from 0 to 65535",
            "import.concurrency: 0 is not allowed; give a whole number from 1 to 256",
            "import.web_download.allowed_networks: [\"10.0.0.0\"] is not allowed; give a list of"
                + " networks such as 10.1.0.0/16");
  }

  @Test
  void refusesValuesThatDoNotFitTogether() {
    assertThat(
            TestingConfig.faults(
                """
                image: {list_default: 50, list_max: 40}
                transfer: {chunk_size: 1MiB, window: 512KiB, memory_budget: 256KiB}
                stores: {backends: {fast: {}}}
                database: {pool_size: 41}
                roles: []
                """))
        .containsExactlyInAnyOrder(
            "image.list_default: 50 is not allowed; give at most list_max, 40",
            "transfer.window: 512KiB is not allowed; give at least chunk_size, 1MiB",
            "transfer.memory_budget: 256KiB is not allowed; give at least window, 512KiB",
            "stores.default: \"local\" is not a backend; give one of fast",
            "database.pool_size: 41 is too many for the embedded database; give at most 40",
            "roles: there must be one");
  }

  @Test
  void refusesUnknownKeysOfBackends() {
    assertThat(
            TestingConfig.faults(
                "stores: {backends: {local: {dri: /x, kind: tape}, 'a b': {}, c: 1}}"))
        .containsExactlyInAnyOrder(
            "stores.backends.local.dri: unknown key; the nearest is stores.backends.local.dir",
            "stores.backends.local.kind: \"tape\" is not allowed; give one of file, rbd, s3, swift,"
                + " http",
            "stores.backends.a b: not a name; allowed is [A-Za-z0-9][A-Za-z0-9_-]{0,63}",
            "stores.backends.c: not a section; give its keys below it");
  }

  @Test
  void refusesStrangersWhenNobodyIsIdentified() {
    assertThat(TestingConfig.faults("http: {host: 0.0.0.0}"))
        .containsExactly(
            "http.host: \"0.0.0.0\" is not a loopback address, but with identity.kind none every caller is an administrator; set identity.allow_non_loopback to true if that is intended");
    assertThat(TestingConfig.load("http: {host: '::1'}").http().host()).isEqualTo("::1");
    assertThat(TestingConfig.load("roles: [store]", "http: {host: 0.0.0.0}").roles())
        .containsExactly(Role.STORE);
  }

  @Test
  void faultsDoNotShowSecrets() {
    assertThat(TestingConfig.faults("database: {url: 'mysql://u:sesame@h/d', password: 1234}"))
        .containsExactlyInAnyOrder(
            "database.url: the value (hidden) is not allowed: it must begin with postgresql:// or"
                + " postgres://; give empty or postgresql://user:password@host:port/database",
            "database.password: the value (hidden) is not allowed; give a text");
  }

  @Test
  void namesFilesThatCannotBeRead() {
    assertThatThrownBy(() -> VitrineConfig.load(List.of(Path.of("/absent.yaml")), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("/absent.yaml: not a readable file");
  }

  @Test
  void namesFilesThatAreNotYaml() {
    assertThat(TestingConfig.faults("http: {port: ", "- a list"))
        .satisfiesExactly(
            first -> assertThat(first).contains(".yaml: not a YAML mapping: ", "line 1"),
            second -> assertThat(second).contains(".yaml: not a YAML mapping: "));
  }
}
