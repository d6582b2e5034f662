package io.vitrine.catalog.metadefs;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.Visibility;
import io.vitrine.metadef.Dated;
import io.vitrine.metadef.Definition;
import io.vitrine.metadef.Kind;
import io.vitrine.metadef.Namespace;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Maps rows of metadata definitions to domain values and back. */
final class MetadefRows {
  private MetadefRows() {}

  static <T> List<T> list(RowSet<Row> rows, Function<Row, T> mapper) {
    return StreamSupport.stream(rows.spliterator(), false).map(mapper).toList();
  }

  static StoredNamespace toNamespace(Row row) {
    var namespace =
        new Namespace(
            row.getString("name"),
            row.getString("display_name"),
            row.getString("description"),
            Visibility.of(row.getString("visibility")).orElseThrow(),
            row.getBoolean("protected"),
            row.getString("owner"));
    return new StoredNamespace(
        row.getLong("id"), dated(row, namespace), Set.of(row.getArrayOfStrings("written")));
  }

  static Dated<Definition> toDefinition(Row row) {
    return dated(
        row,
        new Definition(
            Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
            row.getString("name"),
            row.getJsonObject("content").getMap()));
  }

  /** Definitions by the database key of their namespace. */
  static Map<Long, List<Dated<Definition>>> byNamespace(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .collect(
            Collectors.groupingBy(
                row -> row.getLong("namespace_id"),
                Collectors.mapping(MetadefRows::toDefinition, Collectors.toList())));
  }

  static <T> Dated<T> dated(Row row, T value) {
    return new Dated<>(
        value,
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant());
  }

  /** The columns that users change, in the table's order. */
  static Tuple columns(Namespace namespace) {
    return Tuple.tuple()
        .addValue(namespace.name())
        .addValue(namespace.displayName())
        .addValue(namespace.description())
        .addValue(namespace.visibility().text())
        .addValue(namespace.isProtected())
        .addValue(namespace.owner());
  }

  /** The columns of a definition, from the namespace's key to the content. */
  static Tuple columns(long namespace, Definition definition) {
    return Tuple.of(
        namespace,
        definition.kind().text(),
        definition.name(),
        new JsonObject(definition.content()));
  }

  /**
   * A namespace with its database key.
   *
   * @param written as in {@link io.vitrine.metadef.NamespaceDocument}
   */
  record StoredNamespace(long id, Dated<Namespace> dated, Set<String> written) {
    Namespace value() {
      return dated.value();
    }
  }
}
