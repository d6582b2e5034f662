package io.vitrine.catalog.images;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import io.vitrine.access.quota.Limits;
import io.vitrine.access.quota.Resource;
import io.vitrine.image.ImageId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Usage and quotas of projects. There are no counters: usage is computed from the catalog,
 * including blobs being written, so giving those up releases it.
 */
public final class Quotas {
  private final Pool pool;
  private final Optional<Limits> limits;

  /** Quotas by these limits; empty: unlimited. */
  public Quotas(Pool pool, Optional<Limits> limits) {
    this.pool = pool;
    this.limits = limits;
  }

  /** Usage and limit of a resource, in the resource's unit; -1: unlimited. */
  public record Usage(long used, long limit) {}

  /**
   * The allowance of a project; looked up before a transaction begins, as it may need a remote
   * call.
   */
  public Future<Allowance> of(@Nullable String project) {
    return project == null || limits.isEmpty()
        ? Future.succeededFuture(Allowance.UNLIMITED)
        : limits.get().of(project).map(known -> new Allowance(project, known));
  }

  /** The allowance of an image's owner. */
  public Future<Allowance> of(ImageId image) {
    if (limits.isEmpty()) {
      return Future.succeededFuture(Allowance.UNLIMITED);
    }
    return pool.preparedQuery(
            "select owner from images where id = $1 and owner is not null and deleted_at is null")
        .execute(Tuple.of(image.value()))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getString("owner"))
                    .findFirst())
        .compose(owner -> of(owner.orElse(null)));
  }

  /** The usage of each limited resource; empty if quotas are off. */
  public Future<Map<Resource, Usage>> usage(@Nullable String project) {
    return of(project)
        .compose(
            allowance -> {
              Future<Map<Resource, Usage>> all = Future.succeededFuture(new LinkedHashMap<>());
              for (var resource : Resource.values()) {
                var limit = allowance.limits().amounts().get(resource);
                if (limit != null) {
                  all =
                      all.compose(
                          found ->
                              used(pool, resource, allowance.project())
                                  .map(used -> with(found, resource, used, limit)));
                }
              }
              return all;
            });
  }

  private static Map<Resource, Usage> with(
      Map<Resource, Usage> found, Resource resource, long used, long limit) {
    found.put(resource, new Usage(used / resource.unit(), limit));
    return found;
  }

  /** The bytes or images in use now. */
  static Future<Long> used(SqlClient client, Resource resource, String project) {
    return client
        .preparedQuery("select (%s)::bigint as used".formatted(sql(resource)))
        .execute(Tuple.of(project))
        .map(rows -> rows.iterator().next().getLong("used"));
  }

  private static String sql(Resource resource) {
    return switch (resource) {
      // A blob of unknown size counts once it is complete. Staged data stands for the image's data
      // until the import begins to write that.
      case IMAGE_SIZE_TOTAL ->
          """
          select coalesce(sum(coalesce(blobs.size, images.size)), 0)
          from images join blobs on blobs.image_id = images.id
          where images.owner = $1 and images.deleted_at is null and blobs.state in ('writing', 'stored')
            and (blobs.purpose = 'image'
              or images.status = 'importing' and blobs.state = 'stored' and not exists (
                select from blobs b
                where b.image_id = images.id and b.purpose = 'image' and b.state in ('writing', 'stored')))
          """;
      case IMAGE_STAGE_TOTAL ->
          """
          select coalesce(sum(blobs.size), 0)
          from images join blobs on blobs.image_id = images.id
          where images.owner = $1 and images.deleted_at is null and blobs.state in ('writing', 'stored')
            and blobs.purpose = 'staging'
          """;
      case IMAGE_COUNT_TOTAL ->
          "select count(*) from images where owner = $1 and deleted_at is null";
      case IMAGE_COUNT_UPLOADING ->
          """
          select count(*) from images
          where owner = $1 and deleted_at is null and (status in ('saving', 'uploading', 'importing')
            or coalesce(properties ->> 'os_glance_importing_to_stores', '') <> '')
          """;
    };
  }
}
