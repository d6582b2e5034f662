package io.vitrine.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Makes the {@link ClassCache} if there is none that fits. One process at a time does so. An empty
 * file says that it did not work: nobody tries again for a day.
 */
public final class ClassCacheMaker {
  /** As many files stay, of different programs or options; some 80 MiB each. */
  private static final int KEPT = 3;

  private static final Duration PAUSE = Duration.ofDays(1);
  private static final String NEW = ".new";
  private static final long DISK_BYTES = 512L << 20;

  private final ClassCache cache;
  private final Path directory;
  private final TrainingRun run;

  /** What became of it. */
  enum Outcome {
    /** There is one, or a sign that there cannot be one. */
    FOUND,
    /** Another process makes it, or the directory is not for this process. */
    LEFT,
    /** It is there now. */
    MADE,
    /** It did not work. */
    FAILED
  }

  ClassCacheMaker(ClassCache cache, String jar) {
    this.cache = cache;
    directory = Objects.requireNonNull(cache.file().toAbsolutePath().getParent());
    run = new TrainingRun(cache, jar);
  }

  /** Makes the cache now, for the Java and the options that this is run with. */
  public static void main(String[] args) throws Exception {
    var cache = ClassCache.ofThisProcess();
    if (cache.isEmpty()) {
      System.err.println("Here is no place for a cache of classes.");
      System.exit(1);
    }
    var outcome =
        new ClassCacheMaker(cache.get(), System.getProperty("java.class.path")).makeIfMissing();
    System.out.printf("%s: %s%n", cache.get().file(), outcome);
    System.exit(outcome == Outcome.FAILED ? 1 : 0);
  }

  /** Blocks for some minutes; an interrupt ends it. */
  Outcome makeIfMissing() throws IOException, InterruptedException {
    if (!isForThisProcess()) {
      return Outcome.LEFT;
    }
    try (var channel =
            FileChannel.open(
                directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      if (lock == null) {
        return Outcome.LEFT;
      }
      removeLeftovers();
      var file = cache.file();
      if (Files.exists(file) && isToBeKept(file)) {
        return Outcome.FOUND;
      }
      Files.deleteIfExists(file);
      return make();
    }
  }

  private boolean isToBeKept(Path file) throws IOException, InterruptedException {
    return Files.size(file) > 0
        ? run.isSound(file)
        : time(file).toInstant().plus(PAUSE).isAfter(Instant.now());
  }

  private boolean isForThisProcess() throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return Files.isWritable(directory)
        && ClassCache.isOwn(directory)
        && Files.getFileStore(directory).getUsableSpace() >= DISK_BYTES;
  }

  private Outcome make() throws IOException, InterruptedException {
    var file = cache.file();
    var made = directory.resolve(file.getFileName() + "." + ProcessHandle.current().pid() + NEW);
    try {
      if (run.make(made) && run.isSound(made)) {
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        return Outcome.MADE;
      }
      Files.createFile(file);
      return Outcome.FAILED;
    } finally {
      removeLeftovers();
      removeOld();
    }
  }

  /** What killed processes left. */
  private void removeLeftovers() throws IOException {
    for (var each : list(NEW, NEW + ".config")) {
      Files.deleteIfExists(each);
    }
  }

  private void removeOld() throws IOException {
    var newestFirst =
        list(ClassCache.SUFFIX).stream()
            .sorted(Comparator.comparing(ClassCacheMaker::time).reversed())
            .toList();
    for (var old : newestFirst.subList(Math.min(KEPT, newestFirst.size()), newestFirst.size())) {
      Files.deleteIfExists(old);
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException gone) {
      return FileTime.fromMillis(0);
    }
  }

  private List<Path> list(String... ends) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> List.of(ends).stream().anyMatch(file.toString()::endsWith))
          .toList();
    }
  }
}
