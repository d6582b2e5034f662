package io.vitrine.catalog.sql;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;

/** The version of the schema, which is that of the newest migration. */
public final class SchemaVersion {
  /** Selects the version; 0 if there is none. */
  public static final String SQL =
      "select coalesce(max(version::int), 0) from flyway_schema_history where success";

  private SchemaVersion() {}

  /** The version that the database has now. */
  public static Future<Integer> of(SqlClient client) {
    return client.query(SQL).execute().map(rows -> rows.iterator().next().getInteger(0));
  }
}
