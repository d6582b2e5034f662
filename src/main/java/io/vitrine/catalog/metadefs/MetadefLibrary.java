package io.vitrine.catalog.metadefs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.metadefs.MetadefRows.StoredNamespace;
import io.vitrine.catalog.metadefs.MetadefWrites.IfPresent;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.metadef.Dated;
import io.vitrine.metadef.Definition;
import io.vitrine.metadef.LoadMode;
import io.vitrine.metadef.NamespaceDocument;
import java.util.List;
import java.util.Optional;

/** Imports and exports whole namespaces for operators, without policy checks. */
public final class MetadefLibrary {
  /** An arbitrary id of the advisory lock that guards filling an empty catalog. */
  private static final long SEED_LOCK = 0x76697472_6d646566L;

  private final Pool pool;

  /** The namespaces in a database. */
  public MetadefLibrary(Pool pool) {
    this.pool = pool;
  }

  /** Loads a namespace atomically; false if there was nothing to do. */
  public Future<Boolean> load(NamespaceDocument document, LoadMode mode) {
    return Transactions.in(pool, connection -> load(connection, document, mode));
  }

  private static Future<Boolean> load(
      SqlConnection connection, NamespaceDocument document, LoadMode mode) {
    return find(connection, document.namespace().name())
        .compose(
            found ->
                found.isEmpty()
                    ? MetadefWrites.insert(connection, document).map(true)
                    : merge(connection, found.get(), document, mode));
  }

  private static Future<Boolean> merge(
      SqlConnection connection, StoredNamespace found, NamespaceDocument document, LoadMode mode) {
    var definitions = document.definitions();
    return switch (mode) {
      case SKIP -> Future.succeededFuture(false);
      case MERGE ->
          MetadefWrites.put(connection, found.id(), definitions, IfPresent.KEEP).map(true);
      case PREFER_NEW ->
          MetadefWrites.replace(connection, found.id(), document)
              .compose(
                  replaced ->
                      MetadefWrites.put(connection, found.id(), definitions, IfPresent.REPLACE))
              .map(true);
      case OVERWRITE ->
          connection
              .preparedQuery("delete from metadef_namespaces where id = $1")
              .execute(Tuple.of(found.id()))
              .compose(deleted -> MetadefWrites.insert(connection, document))
              .map(true);
    };
  }

  private static Future<Optional<StoredNamespace>> find(SqlConnection connection, String name) {
    return connection
        .preparedQuery(
            "select " + Columns.NAMESPACE + " from metadef_namespaces where name = $1 for update")
        .execute(Tuple.of(name))
        .map(rows -> MetadefRows.list(rows, MetadefRows::toNamespace).stream().findFirst());
  }

  /**
   * Loads the namespaces if the catalog is empty, even if several processes start at once; of two
   * with one name the first counts. Answers how many were loaded.
   */
  public Future<Integer> seed(List<NamespaceDocument> documents) {
    return Transactions.in(
        pool,
        connection ->
            connection
                .preparedQuery("select pg_advisory_xact_lock($1)")
                .execute(Tuple.of(SEED_LOCK))
                .compose(
                    locked ->
                        connection.query("select 1 from metadef_namespaces limit 1").execute())
                .compose(
                    rows ->
                        rows.size() > 0
                            ? Future.succeededFuture(0)
                            : loadAll(connection, documents)));
  }

  private static Future<Integer> loadAll(
      SqlConnection connection, List<NamespaceDocument> documents) {
    var loaded = Future.succeededFuture(0);
    for (var document : documents) {
      loaded =
          loaded.compose(
              count ->
                  load(connection, document, LoadMode.SKIP)
                      .map(isNew -> isNew ? count + 1 : count));
    }
    return loaded;
  }

  /** Deletes all namespaces, even protected ones, and all resource types. */
  public Future<Void> unload() {
    return pool.query("truncate metadef_namespaces, metadef_definitions, metadef_resource_types")
        .execute()
        .mapEmpty();
  }

  /** All namespaces with their definitions, in order of creation. */
  public Future<List<NamespaceDocument>> export() {
    return Transactions.in(
        pool,
        connection ->
            connection
                .query("select " + Columns.NAMESPACE + " from metadef_namespaces order by id")
                .execute()
                .map(rows -> MetadefRows.list(rows, MetadefRows::toNamespace))
                .compose(namespaces -> withDefinitions(connection, namespaces)));
  }

  private static Future<List<NamespaceDocument>> withDefinitions(
      SqlConnection connection, List<StoredNamespace> namespaces) {
    return connection
        .query("select " + Columns.DEFINITION + " from metadef_definitions order by id")
        .execute()
        .map(MetadefRows::byNamespace)
        .map(
            definitions ->
                namespaces.stream()
                    .map(
                        namespace ->
                            toDocument(
                                namespace, definitions.getOrDefault(namespace.id(), List.of())))
                    .toList());
  }

  private static NamespaceDocument toDocument(
      StoredNamespace namespace, List<Dated<Definition>> definitions) {
    return new NamespaceDocument(
        namespace.value(), definitions.stream().map(Dated::value).toList(), namespace.written());
  }
}
