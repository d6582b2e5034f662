package io.vitrine.api.metadefs;

import static io.vitrine.image.problem.ProblemException.notFound;
import static io.vitrine.metadef.Kind.OBJECT;
import static io.vitrine.metadef.Kind.PROPERTY;
import static io.vitrine.metadef.Kind.RESOURCE_TYPE;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.JsonSchema;
import io.vitrine.catalog.metadefs.DefinitionCatalog;
import io.vitrine.metadef.Dated;
import io.vitrine.metadef.Definition;
import io.vitrine.metadef.Kind;
import io.vitrine.metadef.NamespaceContents;
import java.util.List;

/** Adds, lists, shows, replaces and removes a namespace's definitions of one kind. */
final class MetadefDefinitionsHandler {
  private final Kind kind;
  private final DefinitionCatalog catalog;
  private final MetadefAccess access;
  private final MetadefRules rules;
  private final JsonSchema schema;

  MetadefDefinitionsHandler(Kind kind, DefinitionCatalog catalog, MetadefAccess access) {
    this.kind = kind;
    this.catalog = catalog;
    this.access = access;
    this.rules = MetadefRules.of(kind);
    this.schema = new JsonSchema(MetadefSchemas.of(kind));
  }

  void list(RoutingContext context) {
    var gate = access.gate(Requests.caller(context), rules.list());
    var page = MetadefRequests.definitions(context.queryParams(), kind == OBJECT ? 1 : 0);
    catalog
        .list(MetadefRequests.scope(context, gate), kind, page)
        .map(contents -> MetadefJson.list(permitted(context, contents), kind))
        .onSuccess(json -> Responses.json(context, 200, json))
        .onFailure(context::fail);
  }

  /** Objects and resource types are listed only if the caller may get each of them. */
  private NamespaceContents permitted(RoutingContext context, NamespaceContents contents) {
    boolean isAsked = kind == OBJECT || kind == RESOURCE_TYPE;
    var namespace = contents.namespace();
    return isAsked && !access.allows(Requests.caller(context), rules.get(), namespace.value())
        ? new NamespaceContents(namespace, List.of())
        : contents;
  }

  void add(RoutingContext context) {
    add(context, definition(context));
  }

  /** Adds the tag named in the path. */
  void addTag(RoutingContext context) {
    add(context, Definition.tag(MetadefRequests.parameter(context, MetadefRequests.NAME)));
  }

  private void add(RoutingContext context, Definition definition) {
    var gate = access.gate(Requests.caller(context), rules.add());
    answer(context, 201, catalog.add(MetadefRequests.scope(context, gate), definition));
  }

  void show(RoutingContext context) {
    var gate = access.gate(Requests.caller(context), rules.get());
    name(context)
        .compose(name -> catalog.get(MetadefRequests.scope(context, gate), kind, name))
        .map(found -> MetadefJson.storedDefinition(namespace(context), found))
        .onSuccess(json -> Responses.json(context, 200, json))
        .onFailure(context::fail);
  }

  /** The name in the path; for a property, without the prefix of the requested resource type. */
  private Future<String> name(RoutingContext context) {
    var name = MetadefRequests.parameter(context, MetadefRequests.NAME);
    var type = MetadefRequests.resourceType(context);
    if (kind != PROPERTY || type.isEmpty()) {
      return Future.succeededFuture(name);
    }
    var gate = access.gate(Requests.caller(context), rules.get(), Rule.GET_METADEF_RESOURCE_TYPE);
    return catalog
        .get(MetadefRequests.scope(context, gate), RESOURCE_TYPE, type.get())
        .map(association -> withoutPrefix(name, association.value()));
  }

  private static String withoutPrefix(String name, Definition association) {
    var prefix = association.prefix();
    if (prefix == null || !name.startsWith(prefix)) {
      throw notFound(
          "The property %s does not start with the prefix of the resource type %s."
              .formatted(name, association.name()));
    }
    return name.substring(prefix.length());
  }

  void replace(RoutingContext context) {
    var definition = definition(context);
    var gate = access.gate(Requests.caller(context), rules.replace());
    answer(
        context,
        200,
        catalog.replace(
            MetadefRequests.scope(context, gate),
            MetadefRequests.parameter(context, MetadefRequests.NAME),
            definition));
  }

  void remove(RoutingContext context) {
    var gate = access.gate(Requests.caller(context), rules.remove());
    var name = MetadefRequests.parameter(context, MetadefRequests.NAME);
    catalog
        .remove(MetadefRequests.scope(context, gate), kind, name)
        .onSuccess(removed -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }

  void removeAll(RoutingContext context) {
    var gate = access.gate(Requests.caller(context), rules.removeAll().toArray(Rule[]::new));
    catalog
        .removeAll(MetadefRequests.scope(context, gate), kind)
        .onSuccess(removed -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }

  private Definition definition(RoutingContext context) {
    var readOnly = kind == OBJECT ? MetadefRequests.DATES_AND_LINKS : MetadefRequests.DATES;
    return Definition.parse(kind, MetadefRequests.body(context, schema, readOnly).getMap());
  }

  private static void answer(
      RoutingContext context, int status, Future<Dated<Definition>> definition) {
    definition
        .map(given -> MetadefJson.definition(namespace(context), given))
        .onSuccess(json -> Responses.json(context, status, json))
        .onFailure(context::fail);
  }

  private static String namespace(RoutingContext context) {
    return MetadefRequests.parameter(context, MetadefRequests.NAMESPACE);
  }
}
