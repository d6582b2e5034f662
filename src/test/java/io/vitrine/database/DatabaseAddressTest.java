package io.vitrine.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.config.DatabaseConfig;
import io.vitrine.config.DatabaseUrl;
import io.vitrine.config.Secret;
import io.vitrine.config.WaitingConfig;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseAddressTest {
  @Test
  void readsEveryPart() {
    var address =
        DatabaseAddress.parse(
            "postgresql://a%3Ab:p%40s+s:x@db.example:5433/im%20ages?sslmode=require");

    assertThat(address)
        .isEqualTo(new DatabaseAddress("db.example", 5433, "im ages", "a:b", "p@s+s:x", "require"));
    assertThat(address.jdbcUrl())
        .isEqualTo("jdbc:postgresql://db.example:5433/im%20ages?sslmode=require");
  }

  @Test
  void fillsInWhatIsLeftOut() {
    assertThat(DatabaseAddress.parse("postgres://glance@[::1]?password=s&x=y"))
        .isEqualTo(new DatabaseAddress("::1", 5432, "glance", "glance", "s", ""))
        .extracting(DatabaseAddress::jdbcUrl)
        .isEqualTo("jdbc:postgresql://[::1]:5432/glance");
  }

  @Test
  void hidesThePassword() {
    assertThat(DatabaseAddress.parse("postgresql://u:sesame@h/d"))
        .hasToString("postgresql://u@h:5432/d");
  }

  @Test
  void takesUserAndPasswordFromTheirOwnKeys() {
    var config =
        new DatabaseConfig(
            Optional.of(new DatabaseUrl("postgresql://u:sesame@h/d")),
            "v",
            new Secret("poppy"),
            8,
            4,
            new WaitingConfig(Duration.ofSeconds(1), 1, 1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    assertThat(DatabaseAddress.of(config))
        .isEqualTo(new DatabaseAddress("h", 5432, "d", "v", "poppy", ""));
  }
}
