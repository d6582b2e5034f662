package io.vitrine.catalog.metadefs;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.metadefs.MetadefRows.StoredNamespace;
import io.vitrine.catalog.metadefs.MetadefWrites.IfPresent;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.PageStatement;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.metadef.Dated;
import io.vitrine.metadef.Definition;
import io.vitrine.metadef.Kind;
import io.vitrine.metadef.NamespaceContents;
import io.vitrine.metadef.NamespaceScope;
import io.vitrine.metadef.Page;
import java.util.List;
import java.util.Map;

/** The definitions in namespaces; all kinds are handled alike. */
public final class DefinitionCatalog {
  private static final Map<String, String> SORT_KEYS =
      Map.of("id", "id", "name", "name", "created_at", "created_at", "updated_at", "updated_at");

  private final Pool pool;
  private final MetadefOutbox outbox;

  /** Definitions without notifications. */
  public DefinitionCatalog(Pool pool) {
    this(pool, Outbox.OFF);
  }

  /** Definitions that notify through the outbox. */
  public DefinitionCatalog(Pool pool, Outbox outbox) {
    this.pool = pool;
    this.outbox = new MetadefOutbox(outbox);
  }

  /** A page of a namespace's definitions of one kind. */
  public Future<NamespaceContents> list(NamespaceScope scope, Kind kind, Page page) {
    return NamespaceCatalog.find(pool, scope, "")
        .compose(
            namespace ->
                requireMarker(namespace, kind, page)
                    .compose(
                        found -> {
                          var statement =
                              new PageStatement("metadef_definitions", Columns.DEFINITION)
                                  .where("namespace_id = ?", namespace.id())
                                  .where("kind = ?", kind.text());
                          var sql =
                              statement.sql(page, SORT_KEYS, "namespace_id = $1 and kind = $2");
                          return pool.preparedQuery(sql).execute(statement.values());
                        })
                    .map(
                        rows ->
                            new NamespaceContents(
                                namespace.dated(),
                                MetadefRows.list(rows, MetadefRows::toDefinition))));
  }

  private Future<?> requireMarker(StoredNamespace namespace, Kind kind, Page page) {
    return page.marker()
        .<Future<?>>map(name -> find(pool, namespace, kind, name))
        .orElseGet(Future::succeededFuture);
  }

  /** Fails as not found if the namespace or the definition is. */
  public Future<Dated<Definition>> get(NamespaceScope scope, Kind kind, String name) {
    return NamespaceCatalog.find(pool, scope, "")
        .compose(namespace -> find(pool, namespace, kind, name));
  }

  private static Future<Dated<Definition>> find(
      SqlClient client, StoredNamespace namespace, Kind kind, String name) {
    return client
        .preparedQuery(
            "select "
                + Columns.DEFINITION
                + " from metadef_definitions where namespace_id = $1 and kind = $2 and name = $3")
        .execute(Tuple.of(namespace.id(), kind.text(), name))
        .map(
            rows ->
                MetadefRows.list(rows, MetadefRows::toDefinition).stream()
                    .findFirst()
                    .orElseThrow(() -> notFound(namespace, kind, name)));
  }

  /** Adds a definition; fails with a conflict if the name is taken. */
  public Future<Dated<Definition>> add(NamespaceScope scope, Definition definition) {
    return change(
        scope,
        (connection, namespace) ->
            put(connection, namespace, List.of(definition))
                .compose(
                    added -> find(connection, namespace, definition.kind(), definition.name())));
  }

  /** Replaces all tags, or appends; fails with a conflict if a tag occurs twice. */
  public Future<Void> addTags(NamespaceScope scope, List<Definition> tags, boolean isAppending) {
    if (tags.isEmpty()) {
      return NamespaceCatalog.find(pool, scope, "").mapEmpty();
    }
    return change(
        scope,
        (connection, namespace) -> {
          Future<Void> room =
              isAppending ? Future.succeededFuture() : deleteAll(connection, namespace, Kind.TAG);
          return room.compose(ready -> put(connection, namespace, tags));
        });
  }

  private Future<Void> put(
      SqlConnection connection, StoredNamespace namespace, List<Definition> definitions) {
    return MetadefWrites.put(connection, namespace.id(), definitions, IfPresent.FAIL)
        .recover(failure -> duplicate(failure, namespace, definitions.getFirst()))
        .compose(added -> outbox.created(connection, namespace, definitions));
  }

  /**
   * Replaces a definition, possibly renaming it; fails with a conflict if the new name is taken.
   */
  public Future<Dated<Definition>> replace(
      NamespaceScope scope, String name, Definition replacement) {
    return change(
        scope,
        (connection, namespace) ->
            find(connection, namespace, replacement.kind(), name)
                .compose(found -> update(connection, namespace, name, replacement))
                .recover(failure -> duplicate(failure, namespace, replacement))
                .compose(
                    replaced ->
                        outbox.updated(connection, namespace, replaced, name).map(replaced)));
  }

  private static Future<Dated<Definition>> update(
      SqlConnection connection, StoredNamespace namespace, String name, Definition replacement) {
    return connection
        .preparedQuery(
            """
            update metadef_definitions set name = $3, content = $4, updated_at = now()
            where namespace_id = $1 and kind = $2 and name = $5
            returning
            """
                + Columns.DEFINITION)
        .execute(MetadefRows.columns(namespace.id(), replacement).addValue(name))
        .map(rows -> MetadefRows.toDefinition(rows.iterator().next()));
  }

  /** Removes a definition; fails as forbidden if the namespace is protected. */
  public Future<Void> remove(NamespaceScope scope, Kind kind, String name) {
    return change(
        scope,
        (connection, namespace) ->
            find(connection, namespace, kind, name)
                .map(
                    found -> {
                      NamespaceCatalog.requireUnprotected(namespace);
                      return found;
                    })
                .compose(
                    found ->
                        connection
                            .preparedQuery(
                                """
                                delete from metadef_definitions
                                where namespace_id = $1 and kind = $2 and name = $3
                                """)
                            .execute(Tuple.of(namespace.id(), kind.text(), name))
                            .compose(removed -> outbox.deleted(connection, namespace, found))));
  }

  /** Removes all definitions of a kind; fails as forbidden if the namespace is protected. */
  public Future<Void> removeAll(NamespaceScope scope, Kind kind) {
    return change(
        scope,
        (connection, namespace) ->
            deleteAll(connection, NamespaceCatalog.requireUnprotected(namespace), kind)
                .compose(deleted -> outbox.emptied(connection, namespace, kind)));
  }

  /** Work on a namespace that is locked meanwhile. */
  private interface Work<T> {
    Future<T> in(SqlConnection connection, StoredNamespace namespace);
  }

  private <T> Future<T> change(NamespaceScope scope, Work<T> change) {
    return Transactions.in(
        pool,
        connection ->
            NamespaceCatalog.lock(connection, scope)
                .compose(namespace -> change.in(connection, namespace)));
  }

  private static Future<Void> deleteAll(
      SqlConnection connection, StoredNamespace namespace, Kind kind) {
    return connection
        .preparedQuery("delete from metadef_definitions where namespace_id = $1 and kind = $2")
        .execute(Tuple.of(namespace.id(), kind.text()))
        .mapEmpty();
  }

  /** The names of all resource types that namespaces are or were associated with. */
  public Future<List<Dated<String>>> resourceTypes() {
    return pool.query(
            "select " + Columns.RESOURCE_TYPE + " from metadef_resource_types order by name")
        .execute()
        .map(rows -> MetadefRows.list(rows, row -> MetadefRows.dated(row, row.getString("name"))));
  }

  private static ProblemException notFound(StoredNamespace namespace, Kind kind, String name) {
    return ProblemException.notFound(
        "The %s with the name %s was not found in the namespace %s."
            .formatted(kind.noun(), name, namespace.value().name()));
  }

  private static <T> Future<T> duplicate(
      Throwable failure, StoredNamespace namespace, Definition definition) {
    return Future.failedFuture(
        CatalogFailures.isDuplicate(failure)
            ? conflict(
                "A %s with the name %s exists already in the namespace %s."
                    .formatted(
                        definition.kind().noun(), definition.name(), namespace.value().name()))
            : failure);
  }
}
