package io.vitrine.catalog.embedded;

import io.vitrine.catalog.sql.DatabaseException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, shipped as a compressed archive and unpacked once. */
final class PostgresBinaries {
  private static final int OWNER_EXECUTES = 0100;

  private final Path root;

  private PostgresBinaries(Path root) {
    this.root = root;
  }

  /** Unpacks below the directory unless that is done; atomic. */
  static PostgresBinaries in(Path home) throws IOException {
    var root = home.resolve(version() + "-bin");
    if (!Files.isDirectory(root)) {
      try (var archive = open()) {
        PartialDirectory.fill(root, partial -> unpack(archive, partial));
      }
    }
    return new PostgresBinaries(root);
  }

  /** The version, such as 18.6.0. */
  static String version() {
    try (var resource =
        Objects.requireNonNull(PostgresBinaries.class.getResourceAsStream("binaries.properties"))) {
      var properties = new Properties();
      properties.load(resource);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The major version, which the format of a data directory depends on. */
  static String majorVersion() {
    return version().replaceFirst("\\..*", "");
  }

  /** The path of initdb, pg_ctl or postgres. */
  String program(String name) {
    return root.resolve("bin").resolve(name).toString();
  }

  private static InputStream open() {
    var architecture = System.getProperty("os.arch");
    var suffix = architecture.equals("aarch64") ? "arm_64" : "x86_64";
    var archive = PostgresBinaries.class.getResourceAsStream("/postgres-linux-" + suffix + ".txz");
    if (archive == null
        || !System.getProperty("os.name").equals("Linux")
        || !Set.of("amd64", "aarch64").contains(architecture)) {
      throw new DatabaseException(
          "There is no embedded PostgreSQL for this platform; set database.url to your own.");
    }
    return archive;
  }

  private static void unpack(InputStream archive, Path directory) throws IOException {
    var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)));
    for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      var target = entry.resolveIn(directory);
      if (entry.isDirectory()) {
        Files.createDirectories(target);
      } else {
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        unpack(tar, entry, target);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, target);
    if ((entry.getMode() & OWNER_EXECUTES) != 0) {
      var permissions = EnumSet.copyOf(Files.getPosixFilePermissions(target));
      permissions.add(PosixFilePermission.OWNER_EXECUTE);
      Files.setPosixFilePermissions(target, permissions);
    }
  }
}
