package io.vitrine.config;

import io.vertx.core.json.JsonObject;
import io.vitrine.net.address.Url;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A bucket of S3, or of a compatible server.
 *
 * @param endpoint absent for Amazon's in the region
 * @param accessKey empty, with an empty secret key, to use the AWS SDK's default credentials
 * @param memory limit on buffered parts of all uploads, outside the heap
 */
public record S3Config(
    Optional<Url> endpoint,
    String region,
    String bucket,
    String prefix,
    Secret accessKey,
    Secret secretKey,
    boolean pathStyle,
    Optional<Path> caFile,
    ByteSize partSize,
    ByteSize memory,
    int parallelParts,
    Duration connectTimeout,
    Duration readTimeout) {

  private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,253}");
  private static final Pattern PREFIX =
      Pattern.compile("|[A-Za-z0-9._-]{1,64}(/[A-Za-z0-9._-]{1,64}){0,7}");

  static S3Config from(Section section, String prefixWhenEmpty) {
    var prefix = section.text("prefix", PREFIX, "names separated by slashes");
    var config =
        new S3Config(
            section.libraryUrl("endpoint"),
            section.text("region", REGION, "the name of a region"),
            section.text("bucket", BUCKET, "the name of a bucket"),
            prefix.isEmpty() ? prefixWhenEmpty : prefix,
            section.secret("access_key"),
            section.secret("secret_key"),
            section.flag("path_style"),
            section.file("ca_file"),
            section.size("part_size", "5MiB", "1GiB"),
            section.size("memory", "5MiB", "1TiB"),
            section.integer("parallel_parts", 1, 64),
            section.duration("connect_timeout", "100ms", "1m"),
            section.duration("read_timeout", "1s", "10m"));
    section.require(
        config.memory.compareTo(config.partSize) >= 0,
        "memory",
        config.memory + " is not allowed; give at least part_size, " + config.partSize);
    section.require(
        config.accessKey.value().isEmpty() == config.secretKey.value().isEmpty(),
        "secret_key",
        "give both access_key and secret_key, or neither");
    return config;
  }

  /** Identifies the place of the objects; two stores must not share one. */
  String location() {
    return endpoint.map(Url::toString).orElse(region) + " " + bucket + "/" + prefix;
  }

  /** The keys and their defaults. */
  static JsonObject defaults() {
    return JsonObject.of("endpoint", "", "region", "us-east-1", "bucket", "", "prefix", "")
        .put("access_key", "")
        .put("secret_key", "")
        .put("path_style", true)
        .put("ca_file", "")
        .put("part_size", "8MiB")
        .put("memory", "128MiB")
        .put("parallel_parts", 4)
        .put("connect_timeout", "5s")
        .put("read_timeout", "30s");
  }
}
