package io.vitrine.store.file;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.config.ByteSize;
import io.vitrine.config.Section;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.kind.StoreConfig;
import io.vitrine.store.kind.StoreKind;
import io.vitrine.store.kind.StoreSite;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Directories of files, by absolute paths.
 *
 * @param dir the only directory, unless dirs is set
 * @param dirs several directories with priorities: {@code /path:200}
 * @param reserve the space to leave free in each
 * @param filePerm octal permissions; empty for those of the process's umask
 * @param directIo whether writes bypass the page cache
 * @param shared whether all nodes see the same files
 */
public record FileConfig(
    Path dir,
    List<String> dirs,
    ByteSize reserve,
    String filePerm,
    boolean thinProvisioning,
    DirectIo directIo,
    boolean shared)
    implements StoreConfig {

  /** Files in directories. */
  public static final StoreKind KIND =
      new StoreKind(
          "file",
          true,
          JsonObject.of("dir", "")
              .put("dirs", new JsonArray())
              .put("reserve", 0)
              .put("file_perm", "")
              .put("thin_provisioning", false)
              .put("direct_io", "auto")
              .put("shared", false),
          FileConfig::from);

  private static final Pattern DIRECTORY = Pattern.compile("/[^:\\x00]*:[0-9]{1,6}");
  private static final Pattern PERMISSIONS = Pattern.compile("(0?[0-7]{3})?");

  /** Copies the list. */
  public FileConfig {
    dirs = List.copyOf(dirs);
  }

  private static FileConfig from(Section backend, Path home) {
    return new FileConfig(
        backend.path("dir", home),
        backend.texts("dirs", DIRECTORY, "paths with priorities such as /mnt/a:200"),
        backend.size("reserve", "0", "1024TiB"),
        backend.text("file_perm", PERMISSIONS, "a string such as \"0640\""),
        backend.flag("thin_provisioning"),
        DirectIo.valueOf(
            backend.choice("direct_io", List.of("auto", "true", "false")).toUpperCase(Locale.ROOT)),
        backend.flag("shared"));
  }

  @Override
  public Optional<BlobStore> open(String id, StoreSite site) throws IOException {
    var founding = site.foundings().of(id, site.shares(this));
    return Optional.of(new FileBlobStore(id, layout(site), founding, site.space()));
  }

  @Override
  public boolean isShared() {
    return shared;
  }

  private FileLayout layout(StoreSite site) {
    return new FileLayout(
        directories(),
        reserve.bytes(),
        filePerm.isEmpty() ? Optional.empty() : Optional.of(permissions(filePerm)),
        thinProvisioning,
        directIo,
        site.flushes(),
        site.shares(this));
  }

  private List<FileLayout.Directory> directories() {
    return dirs.isEmpty()
        ? List.of(new FileLayout.Directory(dir, 0))
        : dirs.stream().map(FileConfig::directory).toList();
  }

  private static FileLayout.Directory directory(String text) {
    int colon = text.lastIndexOf(':');
    return new FileLayout.Directory(
        Path.of(text.substring(0, colon)).normalize(), Integer.parseInt(text.substring(colon + 1)));
  }

  /** The permissions of an octal mode. */
  private static Set<PosixFilePermission> permissions(String octal) {
    int bits = Integer.parseInt(octal, 8);
    var all = PosixFilePermission.values(); // from the owner's reading to others' executing
    return IntStream.range(0, all.length)
        .filter(index -> (bits >> (all.length - 1 - index) & 1) == 1)
        .mapToObj(index -> all[index])
        .collect(Collectors.toSet());
  }

  /** The directories, those that are filled first at the front. */
  private List<Path> paths() {
    return directories().stream()
        .sorted(Comparator.comparingInt(FileLayout.Directory::priority).reversed())
        .map(FileLayout.Directory::path)
        .toList();
  }

  /** With several directories no URL names one: only a look at the disk tells which has a blob. */
  @Override
  public Function<BlobRef, String> urls() {
    var paths = paths();
    var base = paths.size() == 1 ? paths.getFirst().toUri().toString() : "file:";
    return blob -> base + blob.path();
  }

  @Override
  public Map<String, Object> properties() {
    var properties = new LinkedHashMap<String, Object>();
    properties.put("data_dir", paths().getFirst().toString());
    if (dirs.size() > 1) {
      properties.put("data_dirs", dirs);
    }
    properties.put("chunk_size", 65536);
    properties.put("thin_provisioning", thinProvisioning);
    return properties;
  }
}
