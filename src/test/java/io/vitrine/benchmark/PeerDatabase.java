package io.vitrine.benchmark;

import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.catalog.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;

/** A PostgreSQL of its own for the peers, by the programs and with the settings of Vitrine's. */
final class PeerDatabase implements AutoCloseable {
  private final EmbeddedPostgres postgres;
  private final Thread hook = new Thread(this::stop, "end of the peers' database");

  private PeerDatabase(EmbeddedPostgres postgres) {
    this.postgres = postgres;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  static PeerDatabase start(Path directory) {
    return new PeerDatabase(EmbeddedPostgres.start(directory));
  }

  /** Creates an empty database. */
  DatabaseAddress create(String name) throws IOException, InterruptedException {
    var whole = postgres.address();
    sql(whole, "create database " + name);
    return DatabaseAddress.local(whole.servers().getFirst(), name, whole.user(), whole.password());
  }

  static void sql(DatabaseAddress database, String statement)
      throws IOException, InterruptedException {
    sql(database.toUrl(), statement);
  }

  static void sql(String url, String statement) throws IOException, InterruptedException {
    Tools.run("psql", "--no-psqlrc", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, url);
  }

  private synchronized void stop() {
    postgres.close();
  }

  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
