package io.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.app.TestingServer;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.catalog.database.Migrations;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code db migrate} of a program whose newer version has migrated the database. */
class MigrateCommandTest {
  private final Path directory;

  MigrateCommandTest() throws IOException {
    directory = TestingServer.newDirectory();
  }

  @AfterEach
  void remove() throws IOException {
    TestingServer.remove(directory);
  }

  private void execute(String sql) throws SQLException {
    var address = TestingDatabase.of(directory);
    try (var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private TestingCommand migrate() {
    var url = TestingDatabase.of(directory).toUrl();
    return TestingCommand.run(Map.of("VITRINE_DATABASE__URL", url), "db", "migrate");
  }

  @Test
  void findsNothingToDoInANewerSchemaThatItCanUse() throws Exception {
    execute("update flyway_schema_history set version = '9999' where version = '1'");

    var migration = migrate();

    assertThat(migration.code()).isZero();
    assertThat(migration.text())
        .isEqualTo(
            "The schema has version 9999, newer than this program's version %d. The program can use"
                + " it; there is nothing to migrate.\n",
            Migrations.version());
  }

  @Test
  void saysWhatItWaitsForAndThenFails() {
    var url = "postgresql://u:p@127.0.0.1:1/d";

    var migration =
        TestingCommand.run(Map.of("VITRINE_DATABASE__URL", url), "db", "migrate", "--wait", "2s");

    assertThat(migration.code()).isEqualTo(1);
    assertThat(migration.text())
        .startsWith("Waiting for up to ")
        .contains(" s: The database does not answer: ", "127.0.0.1:1 refused");
  }

  @Test
  void failsWhenTheSchemaIsTooNew() throws Exception {
    execute("update flyway_schema_history set version = '9999' where version = '1'");
    execute("update schema_compatibility set oldest = " + (Migrations.version() + 1));

    var migration = migrate();

    assertThat(migration.code()).isEqualTo(1);
    assertThat(migration.text()).contains("use a newer Vitrine");
  }
}
