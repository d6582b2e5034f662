package io.vitrine.catalog.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.settings.VitrineConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseAddressTest {
  @Test
  void readsEveryPart() {
    var address =
        configured(
            "postgresql://a%3Ab:p%40s+s:x@db.example:5433,db_two/im%20ages?sslmode=disable&application_name=x");

    assertThat(address)
        .isEqualTo(
            new DatabaseAddress(
                List.of(
                    new DatabaseUrl.Server("db.example", 5433),
                    new DatabaseUrl.Server("db_two", 5432)),
                "im ages",
                "a:b",
                "p@s+s:x",
                "x",
                address.tls()));
    assertThat(address.jdbcUrl())
        .isEqualTo("jdbc:postgresql://db.example:5433,db_two:5432/im%20ages");
    assertThat(Jdbc.properties(address))
        .containsEntry("sslmode", "disable")
        .containsEntry("targetServerType", "primary");
  }

  @Test
  void fillsInWhatIsLeftOut() {
    assertThat(DatabaseAddress.parse("postgres://glance@[::1]?password=s"))
        .isEqualTo(
            DatabaseAddress.local(new DatabaseUrl.Server("::1", 5432), "glance", "glance", "s"))
        .extracting(DatabaseAddress::jdbcUrl)
        .isEqualTo("jdbc:postgresql://[::1]:5432/glance");
  }

  @Test
  void isReadFromTheUrlThatItMakes() {
    var address = DatabaseAddress.local(new DatabaseUrl.Server("::1", 1), "d/e", "u@v", "p:q?");

    assertThat(DatabaseAddress.parse(address.toUrl())).isEqualTo(address);
  }

  @Test
  void hidesThePassword() {
    assertThat(DatabaseAddress.parse("postgresql://u:sesame@h/d"))
        .hasToString("postgresql://u@h:5432/d");
  }

  @Test
  void takesUserAndPasswordFromTheirOwnKeys() {
    var address = configured("postgresql://u:sesame@h/d", "USER", "v", "PASSWORD", "poppy");

    assertThat(List.of(address.user(), address.password())).containsExactly("v", "poppy");
  }

  private static DatabaseAddress configured(String url, String... more) {
    var environment = new HashMap<>(Map.of("VITRINE_DATABASE__URL", url));
    for (int index = 0; index < more.length; index += 2) {
      environment.put("VITRINE_DATABASE__" + more[index], more[index + 1]);
    }
    return DatabaseAddress.of(VitrineConfig.load(List.of(), environment).database());
  }
}
