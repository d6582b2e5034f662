package io.vitrine.catalog.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.catalog.tls.DatabaseTlsConfig;
import io.vitrine.config.Secret;
import io.vitrine.settings.TestingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  @TempDir Path directory;

  @Test
  void readsSeveralServers() {
    var url =
        DatabaseUrl.of(
            "postgresql://u:p@db_one:5433,[2001:db8::1],10.0.0.1:1/d?target_session_attrs=read-write");

    assertThat(url.servers())
        .containsExactly(
            new DatabaseUrl.Server("db_one", 5433),
            new DatabaseUrl.Server("2001:db8::1", 5432),
            new DatabaseUrl.Server("10.0.0.1", 1))
        .extracting(DatabaseUrl.Server::toString)
        .containsExactly("db_one:5433", "[2001:db8::1]:5432", "10.0.0.1:1");
  }

  @Test
  void letsParametersTakeThePlaceOfParts() {
    var url = DatabaseUrl.of("postgres:///?host=a,::1&port=1,2&user=u&password=p%26&dbname=d%20e");

    assertThat(url.servers())
        .containsExactly(new DatabaseUrl.Server("a", 1), new DatabaseUrl.Server("::1", 2));
    assertThat(List.of(url.user(), url.password(), url.database()))
        .containsExactly("u", "p&", "d e");
    assertThat(DatabaseUrl.of("postgres:///d?host=a,b&port=7&user=u").servers())
        .containsExactly(new DatabaseUrl.Server("a", 7), new DatabaseUrl.Server("b", 7));
  }

  @Test
  void keepsWhatSaysHowToConnect() {
    var url = DatabaseUrl.of("postgresql://u@h/d?ssl=true&tcp_user_timeout=5&application_name=x");

    assertThat(url.parameters()).isEqualTo(Map.of("sslmode", "require", "application_name", "x"));
  }

  @Test
  void mayBoundHowLongConnectingTakes() {
    var config = TestingConfig.load("database: {url: 'postgresql://u@h/d?connect_timeout=7'}");

    assertThat(config.database().connectTimeout()).isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"any", "primary", "read-write"})
  void takesServersThatMayBeWrittenTo(String kind) {
    assertThat(DatabaseUrl.of("postgresql://u@h/d?target_session_attrs=" + kind).user())
        .isEqualTo("u");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mysql://u@h/d                                     | begin with postgresql://
          postgresql://u@/d                                 | has no host
          postgresql://u@h/d?port=x                         | "x" is not a port
          postgresql://u@h:0/d                              | "0" is not a port
          postgresql://u@h:70000/d                          | "70000" is not a port
          postgresql://u@h,/d                               | has no host
          postgresql://u@h!/d                               | "h!" is not the name of a host
          postgresql://u@a,b,c/d?port=1,2                   | 3 hosts, but 2 ports
          postgresql://u@%2Fvar%2Frun/d                     | Unix socket
          postgresql:///d?host=/var/run/postgresql          | Unix socket
          postgresql://u@h/d?sslmod=require                 | allowed are application_name
          postgresql://u@h/d?sslmode                        | has no value
          postgresql://u@h/d?options=-cx                    | "options" is unknown
          postgresql://u@h/d?target_session_attrs=standby   | a service that writes
          postgresql://u@h/d?connect_timeout=0              | seconds from 1 to 999
          postgresql://u:100%@h/d                           | %25
          postgresql://u:a#b@h/d                            | %23
          """)
  void tellsWhatIsWrong(String text, String wanted) {
    assertThatThrownBy(() -> DatabaseUrl.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(wanted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:sesame/x@h/d",
        "postgresql://u:ses?ame@h/d",
        "postgresql://u:1?sesame=x@h/d"
      })
  void tellsNothingOfAPasswordThatIsNotEscaped(String text) {
    assertThat(TestingConfig.faults("database: {url: '" + text + "'}"))
        .singleElement()
        .asString()
        .contains("%2F")
        .doesNotContain("sesame", "ses", "ame");
  }

  @Test
  void letsKeysOfEncryptionWin() throws IOException {
    var ca = Files.writeString(directory.resolve("ca.pem"), "");
    var config =
        TestingConfig.load(
            "database: {url: 'postgresql://u@h/d?sslmode=disable', tls: {mode: require, ca: %s}}"
                .formatted(ca));

    assertThat(config.database().tls())
        .isEqualTo(new DatabaseTlsConfig("verify-ca", ca.toString(), "", "", new Secret("")));
    assertThat(TestingConfig.load("database: {tls: {ca: system}}").database().tls().verifiesName())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sslmode=full                          | database.tls.mode: sslmode=full
          sslmode=verify-full                   | database.tls.ca: mode verify-full needs
          sslmode=verify-ca&sslrootcert=/absent | database.tls.ca: "/absent" is not a readable file
          sslrootcert=system&sslmode=require    | database.tls.ca: system needs mode verify-full
          sslcert=/absent&sslkey=/absent        | database.tls.certificate: "/absent" is not a readable file
          sslcert=/etc/passwd                   | database.tls.key: certificate and key
          """)
  void namesKeysOfEncryptionThatAreWrong(String parameters, String wanted) {
    assertThat(TestingConfig.faults("database: {url: 'postgresql://u@h/d?" + parameters + "'}"))
        .anySatisfy(fault -> assertThat(fault).startsWith(wanted));
  }
}
