package io.vitrine.api.metadefs;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.JsonSchema;
import io.vitrine.catalog.metadefs.DefinitionCatalog;
import io.vitrine.metadef.Definition;
import io.vitrine.metadef.Kind;
import java.util.Locale;
import java.util.Set;

/** Adds several tags to a namespace at once. */
final class MetadefTagsHandler {
  private static final Set<String> YES = Set.of("1", "t", "true", "on", "y", "yes");

  private final DefinitionCatalog catalog;
  private final MetadefAccess access;
  private final JsonSchema schema = new JsonSchema(MetadefSchemas.newTags());

  MetadefTagsHandler(DefinitionCatalog catalog, MetadefAccess access) {
    this.catalog = catalog;
    this.access = access;
  }

  /** Replaces all tags, or appends to them if the client asks for that. */
  void add(RoutingContext context) {
    var body = MetadefRequests.body(context, schema, MetadefRequests.DATES);
    var tags =
        body.getJsonArray("tags").stream()
            .map(tag -> Definition.parse(Kind.TAG, ((JsonObject) tag).getMap()))
            .toList();
    boolean isAppending =
        Requests.header(context, "X-Openstack-Append")
            .map(value -> YES.contains(value.strip().toLowerCase(Locale.ROOT)))
            .orElse(false);
    var gate = access.gate(Requests.caller(context), Rule.ADD_METADEF_TAGS);
    catalog
        .addTags(MetadefRequests.scope(context, gate), tags, isAppending)
        .onSuccess(added -> Responses.json(context, 201, MetadefJson.tags(tags)))
        .onFailure(context::fail);
  }
}
