package io.vitrine.launch;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The file of loaded and linked classes with profiles of their methods (JEP 483, 514, 515), from
 * which this Java starts this program in a fraction of the time. The name of the file depends on
 * the program, on Java and on those of its options that matter; Java itself checks that it fits.
 *
 * @param file where the cache is, or will be
 * @param options the options of this process that one which makes or reads the file needs, too
 */
public record ClassCache(Path file, List<String> options) {
  /** Names another directory than that for the user's caches; or {@code off}. */
  public static final String VARIABLE = "VITRINE_CLASS_CACHE";

  /** The end of the names of such files. */
  public static final String SUFFIX = ".aot";

  private static final String OFF = "off";

  private static final String READ = "-XX:AOTCache=";

  /** With these options, Java has another cache already, or none. */
  private static final List<String> OTHERS =
      List.of(
          "-XX:AOT",
          "-XX:SharedArchiveFile",
          "-XX:SharedClassListFile",
          "-XX:ArchiveClassesAtExit",
          "-XX:+AutoCreateSharedArchive",
          "-XX:Flags",
          "-XX:VMOptionsFile",
          "-XX:+UseZGC",
          "-XX:+UseShenandoahGC",
          "-XX:-UseCompressedOops",
          "-Xshare",
          "-Xbootclasspath",
          "-Xint",
          "-javaagent",
          "-agent",
          "--patch-module",
          "--limit-modules",
          "--upgrade-module-path");

  /** Copies the options. */
  public ClassCache {
    options = List.copyOf(options);
  }

  /** The cache for this process; none where the user, its options or its Java exclude one. */
  public static Optional<ClassCache> ofThisProcess() {
    return ofThisProcess(List.of());
  }

  /** The cache for this process once it runs with more options, which precede its own. */
  static Optional<ClassCache> ofThisProcess(List<String> more) {
    var arguments = new ArrayList<>(more);
    arguments.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    return of(System.getenv(), arguments, System.getProperty("java.class.path", ""));
  }

  static Optional<ClassCache> of(
      Map<String, String> environment, List<String> arguments, String jar) {
    var directory = directory(environment);
    if (directory.isEmpty() || !jar.endsWith(".jar") || jar.contains(File.pathSeparator)) {
      return Optional.empty();
    }
    var options = new ArrayList<String>();
    for (var argument : arguments) {
      if (argument.startsWith("--") || argument.matches("-XX:[+-]Use\\w+")) {
        options.add(argument);
      }
    }
    try {
      var name = "%08x%s".formatted(fingerprint(Path.of(jar), options), SUFFIX);
      var cache = new ClassCache(directory.get().resolve(name), options);
      return cache.isExcludedBy(arguments) ? Optional.empty() : Optional.of(cache);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<Path> directory(Map<String, String> environment) {
    var named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      return named.equals(OFF) ? Optional.empty() : Optional.of(Path.of(named).toAbsolutePath());
    }
    var ofService = environment.getOrDefault("CACHE_DIRECTORY", ""); // systemd.exec(5)
    if (ofService.startsWith("/") && !ofService.contains(":")) {
      return Optional.of(Path.of(ofService));
    }
    var ofUser = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (ofUser.startsWith("/")) {
      return Optional.of(Path.of(ofUser, "vitrine"));
    }
    var home = environment.getOrDefault("HOME", "");
    return home.startsWith("/")
        ? Optional.of(Path.of(home, ".cache", "vitrine"))
        : Optional.empty();
  }

  private static long fingerprint(Path jar, List<String> options) throws IOException {
    var parts = new ArrayList<>(options);
    parts.add(jar.toRealPath().toString());
    parts.add(String.valueOf(Files.size(jar)));
    parts.add(String.valueOf(Files.getLastModifiedTime(jar).toMillis()));
    parts.add(System.getProperty("java.home", ""));
    parts.add(System.getProperty("java.vm.name", ""));
    parts.add(System.getProperty("java.vm.version", ""));
    var sum = new CRC32();
    sum.update(String.join("\0", parts).getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }

  private boolean isExcludedBy(List<String> arguments) {
    for (var argument : arguments) {
      if (argument.equals(READ + file)) {
        continue;
      }
      for (var other : OTHERS) {
        if (argument.startsWith(other)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether the file is there, not empty, and nobody but this user or root can have written it: it
   * is as good as the program itself.
   */
  public boolean isUsable() {
    try {
      var directory = file.getParent();
      return directory != null && Files.size(file) > 0 && isOwn(file) && isOwn(directory);
    } catch (IOException | UnsupportedOperationException absent) {
      return false;
    }
  }

  /** Whether only this user and root can write to a file or directory, which is no link. */
  public static boolean isOwn(Path path) throws IOException {
    var found = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    var user = Files.getOwner(Path.of("/proc/self"));
    var permissions = found.permissions();
    return !found.isSymbolicLink()
        && (found.owner().equals(user) || found.owner().getName().equals("root"))
        && !permissions.contains(PosixFilePermission.GROUP_WRITE)
        && !permissions.contains(PosixFilePermission.OTHERS_WRITE);
  }

  /** What makes Java read it. A file that is damaged or does not fit is ignored in silence. */
  public List<String> reading() {
    return List.of(READ + file, "-XX:+VerifySharedSpaces", "-Xlog:aot*=off", "-Xlog:cds*=off");
  }
}
