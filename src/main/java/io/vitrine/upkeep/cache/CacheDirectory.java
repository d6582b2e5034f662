package io.vitrine.upkeep.cache;

import io.vitrine.image.ImageId;
import io.vitrine.transfer.disk.MarkedDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The files of the cache, which are its whole state: {@code images/<key>}, whose modification time
 * is the last access, {@code images/<id>.part} while an image is being filled, and an empty {@code
 * queue/<id>} for each queued image. One process owns the directory. All methods block.
 */
final class CacheDirectory implements AutoCloseable {
  private static final String IMAGES = "images";
  private static final String QUEUE = "queue";
  private static final String PART = ".part";

  private final MarkedDirectory root;
  private final Path images;
  private final Path queue;
  private final FileChannel lock;

  private CacheDirectory(MarkedDirectory root, FileChannel lock) {
    this.root = root;
    this.images = root.path().resolve(IMAGES);
    this.queue = root.path().resolve(QUEUE);
    this.lock = lock;
  }

  /**
   * Locks the directory and removes unfinished fills of an earlier process, and the files of
   * versions that named them by the id alone.
   *
   * @throws IllegalStateException if another process uses it
   */
  static CacheDirectory open(Path root) throws IOException {
    var marked = MarkedDirectory.make(root);
    var images = Files.createDirectories(root.resolve(IMAGES));
    Files.createDirectories(root.resolve(QUEUE));
    var lock =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isLocked(lock)) {
      lock.close();
      throw new IllegalStateException(
          "cache.dir %s is in use by another process; give each its own".formatted(root));
    }
    for (var name : names(images)) {
      if (name.endsWith(PART) || ImageId.parse(name).isPresent()) {
        Files.deleteIfExists(images.resolve(name));
      }
    }
    return new CacheDirectory(marked, lock);
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException taken) {
      return false;
    }
  }

  /** The cached images, least recently used first; an image may be there with several data. */
  List<CachedImage> load() throws IOException {
    var found = new ArrayList<CachedImage>();
    for (var key : parsed(images, CacheKey::parse)) {
      attributes(file(key))
          .map(
              attributes ->
                  new CachedImage(
                      key,
                      attributes.size(),
                      0,
                      attributes.creationTime().toInstant(),
                      attributes.lastModifiedTime().toInstant()))
          .ifPresent(found::add);
    }
    found.sort(Comparator.comparing(CachedImage::accessed));
    return found;
  }

  /** The queued images, oldest first. */
  List<ImageId> queued() throws IOException {
    var found = new ArrayList<Waiting>();
    for (var id : parsed(queue, ImageId::parse)) {
      attributes(queue.resolve(id.toString()))
          .map(attributes -> new Waiting(id, attributes.lastModifiedTime()))
          .ifPresent(found::add);
    }
    return found.stream().sorted(Comparator.comparing(Waiting::since)).map(Waiting::id).toList();
  }

  private static <T> List<T> parsed(Path folder, Function<String, Optional<T>> form)
      throws IOException {
    return names(folder).stream().map(form).flatMap(Optional::stream).toList();
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (NoSuchFileException lost) {
      return List.of();
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  /** Empty for a file that has just vanished, since others may remove files at any time. */
  private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
    try {
      return Optional.of(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  /** Whether the image's file is complete. */
  boolean has(CachedImage image) throws IOException {
    return attributes(file(image.key())).stream().anyMatch(it -> it.size() == image.sizeBytes());
  }

  /** Whether the image is queued. */
  boolean isQueued(ImageId id) {
    return Files.exists(queue.resolve(id.toString()));
  }

  Path file(CacheKey key) {
    return images.resolve(key.toString());
  }

  /** Creates the file to fill, open for reading too. */
  FileChannel begin(ImageId id) throws IOException {
    root.require();
    return FileChannel.open(
        part(id),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.READ);
  }

  /** Makes a filled file a cached image; its bytes must be durable. */
  void commit(CacheKey key) throws IOException {
    Files.move(part(key.id()), file(key), StandardCopyOption.ATOMIC_MOVE);
  }

  void abandon(ImageId id) throws IOException {
    Files.deleteIfExists(part(id));
  }

  void remove(CacheKey key) throws IOException {
    Files.deleteIfExists(file(key));
  }

  void touch(CacheKey key, Instant accessed) throws IOException {
    Files.setLastModifiedTime(file(key), FileTime.from(accessed));
  }

  void enqueue(ImageId id) throws IOException {
    root.require();
    try {
      Files.createFile(queue.resolve(id.toString()));
    } catch (FileAlreadyExistsException waiting) {
      // It keeps its place in the queue.
    }
  }

  void dequeue(ImageId id) throws IOException {
    Files.deleteIfExists(queue.resolve(id.toString()));
  }

  private Path part(ImageId id) {
    return images.resolve(id + PART);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private record Waiting(ImageId id, FileTime since) {}
}
