package io.vitrine.catalog.metadefs;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.metadefs.MetadefRows.StoredNamespace;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.PageStatement;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.metadef.Dated;
import io.vitrine.metadef.Kind;
import io.vitrine.metadef.Namespace;
import io.vitrine.metadef.NamespaceContents;
import io.vitrine.metadef.NamespaceDocument;
import io.vitrine.metadef.NamespaceQuery;
import io.vitrine.metadef.NamespaceScope;
import io.vitrine.notification.Change;
import java.util.List;
import java.util.Map;

/**
 * Namespaces of metadata definitions. A namespace that the caller may not see does not exist for
 * it.
 */
public final class NamespaceCatalog {
  private static final Map<String, String> SORT_KEYS =
      Map.of(
          "id", "id",
          "namespace", "name",
          "display_name", "coalesce(display_name, '')",
          "visibility", "visibility",
          "protected", "protected",
          "owner", "coalesce(owner, '')",
          "created_at", "created_at",
          "updated_at", "updated_at");

  private final Pool pool;
  private final MetadefOutbox outbox;

  /** Namespaces without notifications. */
  public NamespaceCatalog(Pool pool) {
    this(pool, Outbox.OFF);
  }

  /** Namespaces that notify through the outbox. */
  public NamespaceCatalog(Pool pool, Outbox outbox) {
    this.pool = pool;
    this.outbox = new MetadefOutbox(outbox);
  }

  /** The namespaces that match the query and that the caller sees, with their resource types. */
  public Future<List<NamespaceContents>> list(NamespaceQuery query, Caller caller) {
    return requireMarker(query, caller)
        .compose(
            found -> {
              var statement = statement(query, caller);
              var sql = statement.sql(query.page(), SORT_KEYS, "true");
              return pool.preparedQuery(sql).execute(statement.values());
            })
        .map(rows -> MetadefRows.list(rows, MetadefRows::toNamespace))
        .compose(this::withResourceTypes);
  }

  private Future<?> requireMarker(NamespaceQuery query, Caller caller) {
    return query
        .page()
        .marker()
        .<Future<?>>map(name -> find(pool, new NamespaceScope(name, caller, namespace -> {}), ""))
        .orElseGet(Future::succeededFuture);
  }

  private static PageStatement statement(NamespaceQuery query, Caller caller) {
    var statement = new PageStatement("metadef_namespaces", Columns.NAMESPACE).where("true");
    if (!caller.isAdmin()) {
      statement.where("(visibility = 'public' or owner is null or owner = ?)", caller.project());
    }
    query
        .visibility()
        .ifPresent(visibility -> statement.where("visibility = ?", visibility.text()));
    query
        .resourceTypes()
        .ifPresent(
            types ->
                statement.where(
                    """
                    id in (select namespace_id from metadef_definitions
                      where kind = 'resource_type' and name = any(?))\
                    """,
                    types.toArray(String[]::new)));
    return statement;
  }

  private Future<List<NamespaceContents>> withResourceTypes(List<StoredNamespace> namespaces) {
    var ids = namespaces.stream().map(StoredNamespace::id).toArray(Long[]::new);
    return pool.preparedQuery(
            "select "
                + Columns.DEFINITION
                + " from metadef_definitions where namespace_id = any($1) and kind = $2 order by"
                + " id")
        .execute(Tuple.of(ids, Kind.RESOURCE_TYPE.text()))
        .map(
            rows -> {
              var associations = MetadefRows.byNamespace(rows);
              return namespaces.stream()
                  .map(
                      namespace ->
                          new NamespaceContents(
                              namespace.dated(),
                              associations.getOrDefault(namespace.id(), List.of())))
                  .toList();
            });
  }

  /** A namespace with all its definitions. */
  public Future<NamespaceContents> contents(NamespaceScope scope) {
    return find(pool, scope, "")
        .compose(
            namespace ->
                pool.preparedQuery(
                        "select "
                            + Columns.DEFINITION
                            + " from metadef_definitions where namespace_id = $1 order by id")
                    .execute(Tuple.of(namespace.id()))
                    .map(
                        rows ->
                            new NamespaceContents(
                                namespace.dated(),
                                MetadefRows.list(rows, MetadefRows::toDefinition))));
  }

  /**
   * Adds a namespace with its definitions atomically; fails with a conflict if the name is taken.
   */
  public Future<Dated<Namespace>> create(NamespaceDocument document) {
    return Transactions.in(
        pool,
        connection ->
            MetadefWrites.insert(connection, document)
                .compose(
                    added ->
                        outbox
                            .namespace(connection, added.dated(), Change.CREATE)
                            .compose(
                                told -> outbox.created(connection, added, document.definitions()))
                            .map(added.dated()))
                .recover(failure -> duplicate(failure, document.namespace())));
  }

  /** Replaces a namespace's attributes; fails with a conflict if the new name is taken. */
  public Future<Dated<Namespace>> replace(NamespaceScope scope, Namespace replacement) {
    return Transactions.in(
        pool,
        connection ->
            find(connection, scope, " for update")
                .compose(
                    found ->
                        MetadefWrites.replace(connection, found.id(), replacement)
                            .compose(
                                replaced ->
                                    outbox
                                        .replaced(connection, replaced, found.value().name())
                                        .map(replaced)))
                .recover(failure -> duplicate(failure, replacement)));
  }

  /** Deletes a namespace with its definitions; fails as forbidden if it is protected. */
  public Future<Void> delete(NamespaceScope scope) {
    return Transactions.in(
        pool,
        connection ->
            find(connection, scope, " for update")
                .map(NamespaceCatalog::requireUnprotected)
                .compose(
                    namespace ->
                        connection
                            .preparedQuery("delete from metadef_namespaces where id = $1")
                            .execute(Tuple.of(namespace.id()))
                            .compose(
                                deleted ->
                                    outbox.namespace(
                                        connection, namespace.dated(), Change.DELETE))));
  }

  /**
   * Locks the namespace until the transaction ends, so that neither it nor its protection changes.
   */
  static Future<StoredNamespace> lock(SqlConnection connection, NamespaceScope scope) {
    return find(connection, scope, " for update");
  }

  /** The namespace; fails unless the caller sees it and the gate lets it through. */
  static Future<StoredNamespace> find(SqlClient client, NamespaceScope scope, String lock) {
    return client
        .preparedQuery(
            "select " + Columns.NAMESPACE + " from metadef_namespaces where name = $1" + lock)
        .execute(Tuple.of(scope.namespace()))
        .map(
            rows -> {
              var namespace =
                  MetadefRows.list(rows, MetadefRows::toNamespace).stream()
                      .filter(found -> found.value().isVisibleTo(scope.caller()))
                      .findFirst()
                      .orElseThrow(
                          () -> notFound("Namespace %s not found".formatted(scope.namespace())));
              scope.gate().require(namespace.value());
              return namespace;
            });
  }

  /**
   * Fails as forbidden if the namespace is protected, which forbids deletion of it or its contents,
   * but not renaming.
   */
  static StoredNamespace requireUnprotected(StoredNamespace namespace) {
    if (namespace.value().isProtected()) {
      throw forbidden(
          "The namespace %s is protected: neither it nor what it defines can be deleted."
              .formatted(namespace.value().name()));
    }
    return namespace;
  }

  private static <T> Future<T> duplicate(Throwable failure, Namespace namespace) {
    return Future.failedFuture(
        CatalogFailures.isDuplicate(failure)
            ? conflict("A namespace with the name %s exists already.".formatted(namespace.name()))
            : failure);
  }
}
