package io.vitrine.catalog.metadefs;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.metadefs.MetadefRows.StoredNamespace;
import io.vitrine.metadef.Dated;
import io.vitrine.metadef.Definition;
import io.vitrine.metadef.Kind;
import io.vitrine.metadef.Namespace;
import io.vitrine.notification.Change;
import io.vitrine.notification.MetadefPayloads;
import io.vitrine.notification.Notification;
import io.vitrine.notification.Payloads;
import java.time.Instant;
import java.util.List;

/** Writes notifications of metadata definitions. */
record MetadefOutbox(Outbox outbox) {
  private static final String NAMESPACE = "metadef_namespace";

  Future<Void> namespace(SqlConnection connection, Dated<Namespace> namespace, Change change) {
    var name = namespace.value().name();
    var payload = MetadefPayloads.namespace(namespace, name);
    return outbox.put(
        connection,
        List.of(
            Notification.info(
                change.of(NAMESPACE),
                name,
                change == Change.DELETE ? Payloads.deleted(payload) : payload)));
  }

  /** Notifies of a namespace's update; the old name shows a renaming. */
  Future<Void> replaced(SqlConnection connection, Dated<Namespace> namespace, String oldName) {
    return outbox.put(
        connection,
        List.of(
            Notification.info(
                Change.UPDATE.of(NAMESPACE),
                namespace.value().name(),
                MetadefPayloads.namespace(namespace, oldName))));
  }

  /** Notifies that all definitions of a kind were removed from a namespace. */
  Future<Void> emptied(SqlConnection connection, StoredNamespace namespace, Kind kind) {
    var name = namespace.value().name();
    return outbox.put(
        connection,
        List.of(
            Notification.info(
                NAMESPACE + ".delete_" + kind.collection(),
                name,
                MetadefPayloads.namespace(namespace.dated(), name))));
  }

  /** Notifies of new definitions. */
  Future<Void> created(
      SqlConnection connection, StoredNamespace namespace, List<Definition> definitions) {
    var now = Instant.now();
    return outbox.put(
        connection,
        definitions.stream()
            .map(definition -> new Dated<>(definition, now, now))
            .map(dated -> of(namespace, dated, Change.CREATE, dated.value().name()))
            .toList());
  }

  /** Notifies of a definition's update; the old name shows a renaming. */
  Future<Void> updated(
      SqlConnection connection,
      StoredNamespace namespace,
      Dated<Definition> definition,
      String oldName) {
    return outbox.put(connection, List.of(of(namespace, definition, Change.UPDATE, oldName)));
  }

  /** Notifies of a definition's removal. */
  Future<Void> deleted(
      SqlConnection connection, StoredNamespace namespace, Dated<Definition> definition) {
    var name = definition.value().name();
    return outbox.put(connection, List.of(of(namespace, definition, Change.DELETE, name)));
  }

  private static Notification of(
      StoredNamespace namespace, Dated<Definition> definition, Change change, String oldName) {
    var name = namespace.value().name();
    var payload = MetadefPayloads.definition(name, definition, oldName);
    return Notification.info(
        change.of("metadef_" + definition.value().kind().text()),
        name,
        change == Change.DELETE ? Payloads.deleted(payload) : payload);
  }
}
