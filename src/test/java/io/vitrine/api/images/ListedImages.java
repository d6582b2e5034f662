package io.vitrine.api.images;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.Caller;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.MemberStatus;
import io.vitrine.image.Visibility;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/** Random images for lists: few different values, so that many are equal, and absent ones. */
final class ListedImages {
  static final List<String> NAMES =
      List.of("", "a", "A", "b", "a,b", "in:z", "x:y", "\u00e4", "\u65e5\u672c", "1999", "\"q\"");
  static final List<String> PROJECTS = List.of("a", "b", "c");
  static final List<String> DISK_FORMATS = List.of("raw", "qcow2", "iso");
  static final List<String> CONTAINER_FORMATS = List.of("bare", "ovf");
  static final List<Long> NUMBERS = List.of(0L, 1L, 2L, 1L << 40);
  static final List<Long> MINIMA = List.of(0L, 1L, 2L, (long) Integer.MAX_VALUE);
  static final List<String> TAGS = List.of("t", "T", "a b", "\u00e4,\"");
  static final List<String> PROPERTIES = List.of("os_distro", "p", "hw:x", "NAME");
  static final List<String> VALUES = List.of("", "debian", "true", "in:a,b");
  static final List<String> CHECKSUMS = List.of("c0", "c1");
  static final Instant START = Instant.parse("2026-01-31T23:59:58Z");

  /** An image and what the projects that it is shared with say of it. */
  record Listed(Image image, Map<String, MemberStatus> members) {
    boolean isDeleted() {
      return image.status() == ImageStatus.DELETED || image.status() == ImageStatus.PENDING_DELETE;
    }

    /** Whether the caller gets it when it asks for just this one. */
    boolean isVisibleTo(Caller caller) {
      return !isDeleted() && caller.sees(image, members.containsKey(caller.project()));
    }
  }

  private final RandomGenerator random;

  private ListedImages(RandomGenerator random) {
    this.random = random;
  }

  static Arbitrary<List<Listed>> arbitrary() {
    return Arbitraries.randomValue(random -> new ListedImages(random).listed())
        .list()
        .ofMaxSize(40);
  }

  private Listed listed() {
    var members = new TreeMap<String, MemberStatus>();
    for (var project : PROJECTS) {
      if (random.nextInt(3) == 0) {
        members.put(project, any(List.of(MemberStatus.values())));
      }
    }
    return new Listed(image(), members);
  }

  private Image image() {
    var created = moment();
    return new Image(
        new ImageId(new UUID(random.nextLong(), random.nextLong())),
        new Image.State(
            any(List.of(ImageStatus.values())),
            new Image.Ownership(
                orNull(PROJECTS),
                any(List.of(Visibility.values())),
                random.nextBoolean(),
                random.nextInt(5) == 0),
            created,
            random.nextBoolean() ? created : moment()),
        new Image.Metadata(
            orNull(NAMES),
            new Image.Requirements(
                orNull(DISK_FORMATS), orNull(CONTAINER_FORMATS), any(MINIMA), any(MINIMA)),
            new TreeSet<>(some(TAGS)),
            new TreeMap<String, @Nullable String>(properties())),
        new Image.Content(
            orNull(NUMBERS),
            orNull(NUMBERS),
            Image.Hash.of(
                random.nextBoolean()
                    ? null
                    : new Digests(any(CHECKSUMS), HashAlgorithm.SHA512, any(CHECKSUMS))),
            List.of()));
  }

  private Map<String, String> properties() {
    var properties = new TreeMap<String, String>();
    some(PROPERTIES).forEach(key -> properties.put(key, any(VALUES)));
    return properties;
  }

  /** One of few seconds, of which the API shows no parts. */
  private Instant moment() {
    return START.plusMillis(500L * random.nextInt(8)).plusNanos(1_000L * random.nextInt(2));
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private <T> @Nullable T orNull(List<T> choices) {
    return random.nextInt(4) == 0 ? null : any(choices);
  }

  private List<String> some(List<String> choices) {
    return choices.stream().filter(choice -> random.nextInt(3) == 0).toList();
  }

  /** Makes them all that there are. */
  static void store(List<Listed> listed, Pool pool) throws TimeoutException {
    pool.query("truncate images cascade").execute().await(20, SECONDS);
    var images = new ArrayList<Tuple>();
    var members = new ArrayList<Tuple>();
    for (var each : listed) {
      images.add(row(each));
      each.members()
          .forEach(
              (project, status) ->
                  members.add(
                      Tuple.of(
                          each.image().id().value(),
                          project,
                          status.text(),
                          each.image().createdAt().atOffset(ZoneOffset.UTC))));
    }
    if (!images.isEmpty()) {
      pool.preparedQuery(
              """
              insert into images (id, name, status, visibility, protected, hidden, owner, disk_format, container_format,
                min_disk, min_ram, size, virtual_size, checksum, hash_algo, hash_value, tags, properties, created_at,
                updated_at, deleted_at)
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
              """)
          .executeBatch(images)
          .await(20, SECONDS);
    }
    if (!members.isEmpty()) {
      pool.preparedQuery(
              "insert into members (image_id, member, status, image_created_at)"
                  + " values ($1, $2, $3, $4)")
          .executeBatch(members)
          .await(20, SECONDS);
    }
  }

  private static Tuple row(Listed listed) {
    var image = listed.image();
    var digests = image.digests();
    var properties = new JsonObject();
    image.properties().forEach(properties::put);
    return Tuple.tuple()
        .addValue(image.id().value())
        .addValue(image.name())
        .addValue(image.status().text())
        .addValue(image.visibility().text())
        .addValue(image.isProtected())
        .addValue(image.isHidden())
        .addValue(image.owner())
        .addValue(image.diskFormat())
        .addValue(image.containerFormat())
        .addValue(image.minDisk())
        .addValue(image.minRam())
        .addValue(image.size())
        .addValue(image.virtualSize())
        .addValue(digests == null ? null : digests.md5())
        .addValue(digests == null ? null : digests.algorithm())
        .addValue(digests == null ? null : digests.value())
        .addValue(image.tags().toArray(String[]::new))
        .addValue(properties)
        .addValue(image.createdAt().atOffset(ZoneOffset.UTC))
        .addValue(image.updatedAt().atOffset(ZoneOffset.UTC))
        .addValue(listed.isDeleted() ? image.updatedAt().atOffset(ZoneOffset.UTC) : null);
  }
}
