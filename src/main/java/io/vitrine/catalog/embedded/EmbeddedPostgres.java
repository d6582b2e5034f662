package io.vitrine.catalog.embedded;

import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.catalog.database.DatabaseUrl;
import io.vitrine.catalog.sql.DatabaseException;
import io.vitrine.config.FileFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A PostgreSQL server with its data below the data directory, running until it is closed. A server
 * that exits or is killed is restarted on the same port. It cleans up after a killed process:
 * half-made directories and a server still running.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private final DirectoryLock lock;
  private final Supervisor supervisor;
  private final DatabaseAddress address;

  private EmbeddedPostgres(DirectoryLock lock, Supervisor supervisor, DatabaseAddress address) {
    this.lock = lock;
    this.supervisor = supervisor;
    this.address = address;
  }

  /**
   * Starts the server and waits until it accepts connections; the first start takes some seconds.
   * Throws {@link DatabaseException} if another process holds the directory or the server does not
   * start.
   */
  public static EmbeddedPostgres start(Path dataDir) {
    var home = dataDir.resolve("postgresql").toAbsolutePath().normalize();
    try {
      Files.createDirectories(home);
      var lock = DirectoryLock.take(home);
      try {
        return start(home, lock);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw DatabaseException.ofStart(home, FileFault.words(e));
    }
  }

  private static EmbeddedPostgres start(Path home, DirectoryLock lock) throws IOException {
    PartialDirectory.removeLeftovers(home);
    var binaries = PostgresBinaries.in(home);
    var user = OrdinaryUser.owning(home);
    var data = DataDirectory.in(home, binaries, user);
    var postmaster = new Postmaster(home, data.directory(), binaries, user);
    postmaster.clear();
    var running = postmaster.start();
    var address =
        DatabaseAddress.local(
            new DatabaseUrl.Server("127.0.0.1", running.port()),
            DataDirectory.DATABASE,
            DataDirectory.USER,
            data.password());
    leaveAddress(home, address);
    return new EmbeddedPostgres(lock, new Supervisor(postmaster, running), address);
  }

  /**
   * Writes the address with the password to a file for psql and backups, readable by the owner
   * only.
   */
  private static void leaveAddress(Path home, DatabaseAddress address) throws IOException {
    var file = home.resolve("address");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, address.toUrl() + "\n");
  }

  /** The address of a server that another process runs on the data directory. */
  public static Optional<DatabaseAddress> ofOther(Path dataDir) {
    var home = dataDir.resolve("postgresql").toAbsolutePath().normalize();
    var file = home.resolve("address");
    try {
      return Files.exists(file) && DirectoryLock.isTaken(home)
          ? Optional.of(DatabaseAddress.parse(Files.readString(file).strip()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server's address for clients on this machine. */
  public DatabaseAddress address() {
    return address;
  }

  /** How often the server has been restarted after it exited or was killed. */
  public long restarts() {
    return supervisor.restarts();
  }

  /** The action receives the reason if the server exits too often and is left down. */
  public void onGivenUp(Consumer<String> action) {
    supervisor.onGivenUp(action);
  }

  /** Stops the server, which closes all connections, and releases the directory. */
  @Override
  public void close() {
    try (lock) {
      supervisor.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
