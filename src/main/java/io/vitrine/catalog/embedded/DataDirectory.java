package io.vitrine.catalog.embedded;

import io.vitrine.catalog.sql.DatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** PostgreSQL's data directory and its generated password. */
record DataDirectory(Path directory, String password) {
  static final String USER = "vitrine";

  /** The database that initdb creates anyway; creating another would slow down the first start. */
  static final String DATABASE = "postgres";

  /** Initialises the data directory unless it exists; atomic. */
  static DataDirectory in(Path home, PostgresBinaries binaries, OrdinaryUser user)
      throws IOException {
    var directory = home.resolve("data");
    var passwordFile = passwordFile(home);
    if (!Files.isDirectory(directory)) {
      writePassword(passwordFile);
      PartialDirectory.fill(directory, partial -> initialise(partial, home, binaries, user));
    }
    requireSameMajorVersion(directory);
    return new DataDirectory(directory, Files.readString(passwordFile).strip());
  }

  private static Path passwordFile(Path home) {
    return home.resolve("password");
  }

  private static void writePassword(Path file) throws IOException {
    var random = new byte[24];
    new SecureRandom().nextBytes(random);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var whole = file.resolveSibling("password.new");
    Files.deleteIfExists(whole);
    Files.createFile(whole, ownerOnly);
    Files.writeString(whole, HexFormat.of().formatHex(random));
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void initialise(
      Path partial, Path home, PostgresBinaries binaries, OrdinaryUser user) throws IOException {
    // The new directory and the password must belong to the same user as the rest.
    OrdinaryUser.owning(home);
    var log = home.resolve("initdb.log");
    var process =
        user.start(
            List.of(
                binaries.program("initdb"),
                "--pgdata=" + partial,
                "--username=" + USER,
                "--pwfile=" + passwordFile(home),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                // The same collation and case rules on every machine.
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions"),
            ProcessBuilder.Redirect.to(log.toFile()));
    if (Processes.waitFor(process) != 0) {
      throw DatabaseException.ofStart(home, Files.readString(log).strip());
    }
  }

  private static void requireSameMajorVersion(Path directory) throws IOException {
    var found = Files.readString(directory.resolve("PG_VERSION")).strip();
    if (!found.equals(PostgresBinaries.majorVersion())) {
      throw new DatabaseException(
          directory
              + " was written by PostgreSQL "
              + found
              + ", this Vitrine contains "
              + PostgresBinaries.majorVersion()
              + "; dump it with the Vitrine that wrote it and load it into a new data.dir.");
    }
  }
}
