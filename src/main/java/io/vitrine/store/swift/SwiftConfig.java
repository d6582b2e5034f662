package io.vitrine.store.swift;

import io.vertx.core.json.JsonObject;
import io.vitrine.config.ByteSize;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.kind.StoreConfig;
import io.vitrine.store.kind.StoreKind;
import io.vitrine.store.kind.StoreSite;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A container of OpenStack Swift, or of a compatible server.
 *
 * @param container the container of the blobs; segments are in one of the same name with
 *     "_segments" appended
 * @param createContainer whether to create both containers if they do not exist
 * @param segmentSize the largest size of a segment
 * @param requestTimeout how long a request may take, or a segment may make no progress
 * @param retries how often a failed request is retried
 */
@Key("swift")
public record SwiftConfig(
    @Key("") SwiftLogin login,
    String container,
    boolean createContainer,
    ByteSize segmentSize,
    Duration connectTimeout,
    Duration requestTimeout,
    int retries)
    implements StoreConfig {

  /** Objects in a Swift container. */
  public static final StoreKind KIND =
      new StoreKind(
          "swift",
          true,
          JsonObject.of(
              "swift",
              SwiftLogin.keys()
                  .put("container", "glance")
                  .put("create_container", false)
                  .put("segment_size", "200MiB")
                  .put("connect_timeout", "5s")
                  .put("request_timeout", "30s")
                  .put("retries", 2)),
          (backend, home) -> from(backend.section("swift")));

  private static final Pattern CONTAINER = Pattern.compile("[^/]{1,200}");

  private static SwiftConfig from(Section section) {
    var config =
        new SwiftConfig(
            SwiftLogin.from(section),
            section.text("container", CONTAINER, "the name of a container"),
            section.flag("create_container"),
            section.size("segment_size", "1MiB", "5GiB"),
            section.duration("connect_timeout", "100ms", "1m"),
            section.duration("request_timeout", "1s", "10m"),
            section.integer("retries", 0, 10));
    section.require(
        config.login.authVersion() != 2, "auth_version", "2 is not allowed; give 3 or 1");
    section.require(
        config.login.authUrl().isPresent(), "auth_url", "kind swift needs the URL for logging in");
    return config;
  }

  String segments() {
    return container + "_segments";
  }

  @Override
  public Optional<BlobStore> open(String id, StoreSite site) {
    return Optional.of(new SwiftBlobStore(id, this));
  }

  /** URLs in Glance's form, without a password. */
  @Override
  public Function<BlobRef, String> urls() {
    var url = login.url();
    var base =
        "swift+%s://%s%s/%s/".formatted(url.scheme(), url.authority(), url.path(), container);
    return blob -> base + blob.id();
  }

  @Override
  public Map<String, Object> properties() {
    return Map.of(
        "container", container,
        "large_object_size", segmentSize.bytes(),
        "large_object_chunk_size", segmentSize.bytes());
  }
}
