package io.vitrine.catalog.metadefs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.metadefs.MetadefRows.StoredNamespace;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.metadef.Dated;
import io.vitrine.metadef.Definition;
import io.vitrine.metadef.Kind;
import io.vitrine.metadef.Namespace;
import io.vitrine.metadef.NamespaceDocument;
import java.util.List;

/** Statements that write metadata definitions within a transaction. */
final class MetadefWrites {
  private static final String INSERT =
      "insert into metadef_definitions (namespace_id, kind, name, content) values ($1, $2, $3, $4)";

  private MetadefWrites() {}

  /** The action if the definition exists already. */
  enum IfPresent {
    FAIL(""),
    KEEP(" on conflict do nothing"),
    REPLACE(
        """
         on conflict (namespace_id, kind, name)
          do update set content = excluded.content, updated_at = now()\
        """);

    private final String clause;

    IfPresent(String clause) {
      this.clause = clause;
    }
  }

  static Future<StoredNamespace> insert(SqlConnection connection, NamespaceDocument document) {
    return connection
        .preparedQuery(
            """
            insert into metadef_namespaces (name, display_name, description, visibility, protected, owner, written)
            values ($1, $2, $3, $4, $5, $6, $7) returning
            """
                + Columns.NAMESPACE)
        .execute(MetadefRows.columns(document.namespace()).addValue(written(document)))
        .map(rows -> MetadefRows.toNamespace(rows.iterator().next()))
        .compose(
            namespace ->
                put(connection, namespace.id(), document.definitions(), IfPresent.FAIL)
                    .map(namespace));
  }

  static Future<Dated<Namespace>> replace(
      SqlConnection connection, long id, Namespace replacement) {
    return connection
        .preparedQuery(
            """
            update metadef_namespaces set name = $1, display_name = $2, description = $3, visibility = $4,
              protected = $5, owner = $6, updated_at = now()
            where id = $7 returning
            """
                + Columns.NAMESPACE)
        .execute(MetadefRows.columns(replacement).addValue(id))
        .map(rows -> MetadefRows.toNamespace(rows.iterator().next()).dated());
  }

  /** Replaces a namespace's attributes, and which of them an export writes. */
  static Future<Void> replace(SqlConnection connection, long id, NamespaceDocument replacement) {
    return replace(connection, id, replacement.namespace())
        .compose(
            replaced ->
                connection
                    .preparedQuery("update metadef_namespaces set written = $1 where id = $2")
                    .execute(Tuple.of(written(replacement), id)))
        .mapEmpty();
  }

  private static String[] written(NamespaceDocument document) {
    return document.written().toArray(String[]::new);
  }

  /** Adds definitions to a namespace, in their order. */
  static Future<Void> put(
      SqlConnection connection, long namespace, List<Definition> definitions, IfPresent present) {
    if (definitions.isEmpty()) {
      return Future.succeededFuture();
    }
    var rows =
        definitions.stream().map(definition -> MetadefRows.columns(namespace, definition)).toList();
    return connection
        .preparedQuery(INSERT + present.clause)
        .executeBatch(rows)
        .compose(added -> rememberResourceTypes(connection, definitions))
        .mapEmpty();
  }

  private static Future<RowSet<Row>> rememberResourceTypes(
      SqlConnection connection, List<Definition> definitions) {
    var names =
        definitions.stream()
            .filter(definition -> definition.kind() == Kind.RESOURCE_TYPE)
            .map(Definition::name)
            .toArray(String[]::new);
    return connection
        .preparedQuery(
            "insert into metadef_resource_types (name) select unnest($1::text[]) on conflict do"
                + " nothing")
        .execute(Tuple.of(names));
  }
}
