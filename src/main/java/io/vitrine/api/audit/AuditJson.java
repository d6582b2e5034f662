package io.vitrine.api.audit;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.images.ImageJson;
import io.vitrine.api.request.Links;
import io.vitrine.catalog.audit.AuditEntry;
import io.vitrine.catalog.audit.AuditRecord;
import io.vitrine.image.edit.PropertyGuard;
import java.util.List;

/**
 * Records of the audit trail as the API shows them.
 *
 * @param guard decides which properties' names the caller may see
 */
record AuditJson(PropertyGuard guard) {

  /** A page of records, with the link to the next if there may be one. */
  JsonObject page(String path, MultiMap parameters, List<AuditRecord> records, boolean hasNext) {
    var page =
        new JsonObject().put("records", new JsonArray(records.stream().map(this::of).toList()));
    return hasNext && !records.isEmpty()
        ? page.put("next", Links.next(path, parameters, String.valueOf(records.getLast().number())))
        : page;
  }

  private JsonObject of(AuditRecord record) {
    return new JsonObject()
        .put("id", record.number())
        .put("at", ImageJson.time(record.at()))
        .put("image_id", record.image().toString())
        .put("action", record.action())
        .put("outcome", record.outcome())
        .put("user_id", record.user())
        .put("project_id", record.project())
        .put("request_id", record.requestId())
        .put("via", record.via())
        .put("ticket_id", record.ticket() == null ? null : record.ticket().toString())
        .put("details", details(new JsonObject(record.details())));
  }

  private JsonObject details(JsonObject details) {
    var names = details.getJsonArray(AuditEntry.PROPERTIES);
    return names == null
        ? details
        : details.put(
            AuditEntry.PROPERTIES,
            new JsonArray(names.stream().filter(name -> isShown(name.toString())).toList()));
  }

  private boolean isShown(String property) {
    return guard.allows(PropertyGuard.Operation.READ, property);
  }
}
