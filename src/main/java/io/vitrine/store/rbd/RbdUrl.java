package io.vitrine.store.rbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitrine.image.location.BlobRef;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The URLs of a pool's blobs, for those who clone them: {@code rbd://<fsid>/<pool>/<image>/snap},
 * as in OpenStack.
 */
public record RbdUrl(String fsid, String pool) {
  private static final Pattern FSID =
      Pattern.compile("(?m)^\\s*fsid\\s*=\\s*\"?([0-9A-Fa-f-]{36})\"?\\s*(?:[;#].*)?$");

  /**
   * Reads the cluster's fsid from its configuration file. It does not ask the cluster, which may be
   * down or unreachable from this node.
   *
   * @throws IOException IOException if the file does not contain the fsid
   */
  public static RbdUrl read(Path confFile, String pool) throws IOException {
    return fsid(Files.readString(confFile))
        .map(fsid -> new RbdUrl(fsid, pool))
        .orElseThrow(
            () ->
                new IOException(
                    "%s has no fsid; use the output of ceph config generate-minimal-conf"
                        .formatted(confFile)));
  }

  static Optional<String> fsid(String conf) {
    var found = FSID.matcher(conf);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /** The URL of a blob. */
  public String of(BlobRef blob) {
    return "rbd://%s/%s/%s/%s"
        .formatted(fsid, URLEncoder.encode(pool, UTF_8), blob.content(), RbdBlobStore.SNAPSHOT);
  }
}
