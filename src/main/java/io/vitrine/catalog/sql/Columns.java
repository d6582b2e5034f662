package io.vitrine.catalog.sql;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The column lists of queries. Statements never use {@code *}: a newer version's migration may add
 * columns while this version runs, and the database refuses a prepared statement whose result has
 * changed.
 */
public final class Columns {
  /** The columns that {@link Rows#toImage} reads. */
  public static final String IMAGE =
      of(
          "images",
          "id, name, status, visibility, protected, hidden, owner, disk_format",
          "container_format, min_disk, min_ram, size, virtual_size, checksum, hash_algo",
          "hash_value, sha256, tags, properties, stores, created_at, updated_at");

  /** The columns that {@link Rows#toMember} reads. */
  public static final String MEMBER =
      of("members", "image_id, member, status, created_at, updated_at");

  /** The columns that {@link Rows#toBlob} and {@link Rows#toStored} read. */
  public static final String BLOB =
      of(
          "blobs",
          "id, image_id, store, purpose, node, url, content, metadata, size, sha512",
          "verdict");

  /** The columns that {@link Rows#toTask} reads, and those that only workers need. */
  public static final String TASK =
      of(
          "tasks",
          "id, image_id, type, status, owner, user_id, request_id, input, result, message",
          "progress, checkpoint, access, roles, attempts, traceparent, created_at, updated_at",
          "expires_at");

  /** Further columns, after {@link #TASK}, for the worker that leases the task. */
  public static final String LEASE =
      """
      , leases, crashes, suspect, coalesce(extract(epoch from now() - setback_since), 0)::bigint as setback_seconds,
        coalesce(extract(epoch from now() - unreachable_since), 0)::bigint as away_seconds
      """;

  /** The columns of a namespace, with its database key. */
  public static final String NAMESPACE =
      of(
          "metadef_namespaces",
          "id, name, display_name, description, visibility, protected, owner, created_at",
          "updated_at, written");

  /** The columns of a definition of any kind. */
  public static final String DEFINITION =
      of("metadef_definitions", "id, namespace_id, kind, name, content, created_at, updated_at");

  /** The columns of a resource type. */
  public static final String RESOURCE_TYPE =
      of("metadef_resource_types", "name, created_at, updated_at");

  private Columns() {}

  private static String of(String table, String... lines) {
    return Stream.of(lines)
        .flatMap(line -> Stream.of(line.split(", ", -1)))
        .map(column -> table + "." + column)
        .collect(Collectors.joining(", "));
  }
}
