package io.vitrine.catalog.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.catalog.embedded.EmbeddedPostgres;
import io.vitrine.catalog.embedded.TestingHome;
import io.vitrine.catalog.sql.DatabaseException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsIT {
  @TempDir private Path dataDir = Path.of("");

  @BeforeEach
  void prepare() throws Exception {
    TestingHome.prepare(dataDir);
  }

  @Test
  void migratesOnceAndKnowsWhereItStands() {
    try (var postgres = EmbeddedPostgres.start(dataDir)) {
      var before = Migrations.check(postgres.address());
      var version = Migrations.migrate(postgres.address());

      assertThat(before).isEqualTo(new SchemaState.Behind(0, version));
      assertThat(Migrations.check(postgres.address())).isEqualTo(new SchemaState.UpToDate(version));
      assertThat(Migrations.migrate(postgres.address())).isEqualTo(version);
    }
  }

  @Test
  void migratesOnceWhenSeveralDoAtTheSameTime() throws Exception {
    try (var postgres = EmbeddedPostgres.start(dataDir);
        var threads = Executors.newFixedThreadPool(4)) {
      Callable<Integer> migration = () -> Migrations.migrate(postgres.address());

      var versions =
          threads.invokeAll(Collections.nCopies(4, migration)).stream()
              .map(Future::resultNow)
              .toList();

      var applied = postgres.address();
      try (var connection =
              DriverManager.getConnection(applied.jdbcUrl(), applied.user(), applied.password());
          var statement = connection.createStatement();
          var rows =
              statement.executeQuery(
                  "select count(*) - count(distinct version) from flyway_schema_history"
                      + " where version is not null")) {
        rows.next();
        assertThat(rows.getInt(1)).isZero();
      }
      assertThat(versions).hasSize(4).containsOnly(Migrations.migrate(applied));
      assertThat(Migrations.check(applied)).isInstanceOf(SchemaState.UpToDate.class);
    }
  }

  @Test
  void leavesANewerSchemaAlone() throws Exception {
    try (var postgres = EmbeddedPostgres.start(dataDir)) {
      var address = postgres.address();
      var version = Migrations.migrate(address);
      try (var connection =
              DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
          var statement = connection.createStatement()) {
        statement.execute("update flyway_schema_history set version = '9999'");
        assertThat(Migrations.check(address)).isEqualTo(new SchemaState.Newer(9999, version, true));
        assertThatCode(() -> Migrations.requireUsable(address)).doesNotThrowAnyException();
        assertThat(Migrations.migrate(address)).isEqualTo(9999);
        statement.execute("update schema_compatibility set oldest = " + (version + 1));
      }

      assertThat(Migrations.check(address)).isEqualTo(new SchemaState.Newer(9999, version, false));
      assertThatThrownBy(() -> Migrations.requireUsable(address))
          .isInstanceOf(DatabaseException.class);
      assertThatThrownBy(() -> Migrations.migrate(address))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("but this Vitrine supports only");
    }
  }

  @Test
  void saysThatNothingAnswers() {
    var address = DatabaseAddress.parse("postgresql://u:p@127.0.0.1:1/d");

    assertThatThrownBy(() -> Migrations.check(address))
        .isInstanceOf(DatabaseException.class)
        .hasMessageStartingWith("The database does not answer: ")
        .matches(Absence::mayPass);
  }

  @Test
  void saysThatTheNameIsUnknown() {
    var address = DatabaseAddress.parse("postgresql://u:p@database.invalid/d");

    assertThatThrownBy(() -> Migrations.check(address))
        .hasMessageStartingWith("The database does not answer: its name cannot be resolved")
        .matches(Absence::mayPass);
  }
}
