package io.vitrine.catalog.sql;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The columns that rows are read from. Statements name them and never say {@code *}: a newer
 * version's migration may add columns while this one runs, and the database refuses a statement
 * that is planned already once its result would have more of them.
 */
public final class Columns {
  public static final String IMAGE =
      of(
          "images",
          "id, name, status, visibility, protected, hidden, owner, disk_format",
          "container_format, min_disk, min_ram, size, virtual_size, checksum, hash_algo",
          "hash_value, sha256, tags, properties, stores, created_at, updated_at");

  public static final String MEMBER =
      of("members", "image_id, member, status, created_at, updated_at");

  public static final String BLOB =
      of(
          "blobs",
          "id, image_id, store, purpose, node, url, content, metadata, size, sha512",
          "verdict");

  public static final String TASK =
      of(
          "tasks",
          "id, image_id, type, status, owner, user_id, request_id, input, result, message",
          "progress, checkpoint, access, roles, attempts, traceparent, created_at, updated_at",
          "expires_at");

  /** What only the worker that leases a task wants to know, after its other columns. */
  public static final String LEASE =
      """
      , leases, crashes, suspect, coalesce(extract(epoch from now() - setback_since), 0)::bigint as setback_seconds,
        coalesce(extract(epoch from now() - unreachable_since), 0)::bigint as away_seconds
      """;

  public static final String NAMESPACE =
      of(
          "metadef_namespaces",
          "id, name, display_name, description, visibility, protected, owner, created_at",
          "updated_at, written");

  public static final String DEFINITION =
      of("metadef_definitions", "id, namespace_id, kind, name, content, created_at, updated_at");

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
