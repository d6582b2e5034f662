package io.vitrine.catalog.status;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vitrine.access.quota.Resource;
import io.vitrine.catalog.images.Allowance;
import io.vitrine.catalog.images.Quotas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells what the projects with the most data use, and what they may use. */
public final class ProjectUsages {
  /**
   * Counts what {@link Quotas} counts, for all projects at once: a blob of unknown size once it is
   * complete, and staged data as that of the image until the import begins to write it.
   */
  private static final String USAGE_SQL =
      """
      with data as (
        select coalesce(i.owner, '') as project,
          sum(case
            when b.purpose = 'image' then coalesce(b.size, i.size)
            when i.status = 'importing' and b.state = 'stored' and not exists (
              select from blobs o
              where o.image_id = i.id and o.purpose = 'image' and o.state in ('writing', 'stored'))
            then b.size end) as bytes,
          sum(b.size) filter (where b.purpose = 'staging') as staged
        from blobs b join images i on i.id = b.image_id
        where b.state in ('writing', 'stored') and i.deleted_at is null group by 1),
      counts as (
        select coalesce(owner, '') as project, count(*) as images,
          count(*) filter (where status in ('saving', 'uploading', 'importing')
            or coalesce(properties ->> 'os_glance_importing_to_stores', '') <> '') as uploading
        from images where deleted_at is null group by 1)
      select c.project, c.images, c.uploading, coalesce(d.bytes, 0)::bigint as bytes,
        coalesce(d.staged, 0)::bigint as staged
      from counts c left join data d using (project)
      order by bytes desc, images desc, project limit $1
      """;

  private final Pool pool;
  private final Quotas quotas;

  /** Reads a catalog whole: do not ask often. */
  public ProjectUsages(Pool pool, Quotas quotas) {
    this.pool = pool;
    this.quotas = quotas;
  }

  /** So many projects at most, those with the most data first. */
  public Future<List<ProjectUsage>> most(int count) {
    return pool.preparedQuery(USAGE_SQL)
        .execute(Tuple.of(count))
        .compose(
            rows -> {
              var isSilent = new AtomicBoolean();
              Future<List<ProjectUsage>> all = Future.succeededFuture(new ArrayList<>());
              for (var row : rows) {
                all = all.compose(found -> usage(row, isSilent).map(each -> with(found, each)));
              }
              return all;
            });
  }

  private static List<ProjectUsage> with(List<ProjectUsage> found, ProjectUsage usage) {
    found.add(usage);
    return found;
  }

  /**
   * The usage of one project. Once the source of limits has failed it is not asked again, because
   * each question may take until its deadline.
   */
  private Future<ProjectUsage> usage(Row row, AtomicBoolean isSilent) {
    var project = row.getString("project");
    var used =
        Map.of(
            Resource.IMAGE_SIZE_TOTAL, row.getLong("bytes"),
            Resource.IMAGE_STAGE_TOTAL, row.getLong("staged"),
            Resource.IMAGE_COUNT_TOTAL, row.getLong("images"),
            Resource.IMAGE_COUNT_UPLOADING, row.getLong("uploading"));
    var allowance =
        project.isEmpty() || isSilent.get()
            ? Future.succeededFuture(Allowance.UNLIMITED)
            : quotas
                .of(project)
                .onFailure(failure -> isSilent.set(true))
                .otherwise(Allowance.UNLIMITED);
    return allowance.map(known -> new ProjectUsage(project, used, known.limits()));
  }
}
