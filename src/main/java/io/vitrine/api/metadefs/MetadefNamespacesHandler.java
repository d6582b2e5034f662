package io.vitrine.api.metadefs;

import static io.vitrine.access.policy.Rule.*;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.api.schema.JsonSchema;
import io.vitrine.catalog.metadefs.NamespaceCatalog;
import io.vitrine.image.Caller;
import io.vitrine.metadef.Kind;
import io.vitrine.metadef.Namespace;
import io.vitrine.metadef.NamespaceContents;
import io.vitrine.metadef.NamespaceDocument;
import java.util.ArrayList;
import java.util.List;

/** Creates, lists, shows, changes and deletes namespaces of metadata definitions. */
final class MetadefNamespacesHandler {
  private final NamespaceCatalog catalog;
  private final MetadefAccess access;
  private final ApiCapabilities capabilities;
  private final JsonSchema schema = new JsonSchema(MetadefSchemas.namespace());

  MetadefNamespacesHandler(
      NamespaceCatalog catalog, MetadefAccess access, ApiCapabilities capabilities) {
    this.catalog = catalog;
    this.access = access;
    this.capabilities = capabilities;
  }

  void list(RoutingContext context) {
    var caller = Requests.caller(context);
    access.require(caller, List.of(GET_METADEF_NAMESPACES, LIST_METADEF_RESOURCE_TYPES));
    var parameters = context.queryParams();
    var query = MetadefRequests.namespaces(parameters, capabilities);
    catalog
        .list(query, caller)
        .map(found -> found.stream().filter(each -> mayGet(caller, each)).toList())
        .map(page -> MetadefJson.namespaces(page, query.page().limit().orElseThrow(), parameters))
        .onSuccess(json -> Responses.json(context, 200, json))
        .onFailure(context::fail);
  }

  private boolean mayGet(Caller caller, NamespaceContents contents) {
    return access.allows(caller, GET_METADEF_NAMESPACE, contents.namespace().value());
  }

  void create(RoutingContext context) {
    var caller = Requests.caller(context);
    var body = MetadefRequests.body(context, schema, MetadefRequests.DATES_AND_LINKS);
    var document = NamespaceDocument.parse(body.getMap(), caller.project());
    access.require(caller, neededFor(document));
    access.requireOwned(caller, ADD_METADEF_NAMESPACE, document.namespace());
    catalog
        .create(document)
        .onSuccess(
            namespace -> {
              var path = MetadefJson.path(document.namespace().name());
              context
                  .response()
                  .putHeader(HttpHeaders.LOCATION, Links.absolute(context, Links.encodePath(path)));
              Responses.json(context, 201, MetadefJson.newNamespace(document, namespace));
            })
        .onFailure(context::fail);
  }

  private static List<Rule> neededFor(NamespaceDocument document) {
    var rules = new ArrayList<>(List.of(ADD_METADEF_NAMESPACE));
    for (var kind : Kind.values()) {
      if (!document.of(kind).isEmpty()) {
        rules.add(MetadefRules.of(kind).add());
      }
    }
    return rules;
  }

  void show(RoutingContext context) {
    var gate =
        access.gate(
            Requests.caller(context),
            GET_METADEF_NAMESPACE,
            LIST_METADEF_RESOURCE_TYPES,
            GET_METADEF_OBJECTS,
            GET_METADEF_PROPERTIES,
            GET_METADEF_TAGS);
    catalog
        .contents(MetadefRequests.scope(context, gate))
        .map(
            contents ->
                MetadefRequests.resourceType(context).map(contents::prefixedFor).orElse(contents))
        .onSuccess(contents -> Responses.json(context, 200, MetadefJson.namespace(contents)))
        .onFailure(context::fail);
  }

  void replace(RoutingContext context) {
    var caller = Requests.caller(context);
    var body = MetadefRequests.body(context, schema, MetadefRequests.DATES_AND_LINKS);
    var changed = Namespace.parse(body.getMap(), caller.project());
    var gate = access.gate(caller, MODIFY_METADEF_NAMESPACE);
    catalog
        .replace(
            MetadefRequests.scope(
                context,
                namespace -> {
                  gate.require(namespace);
                  access.requireOwned(caller, MODIFY_METADEF_NAMESPACE, changed);
                }),
            changed)
        .onSuccess(namespace -> Responses.json(context, 200, MetadefJson.namespace(namespace)))
        .onFailure(context::fail);
  }

  void delete(RoutingContext context) {
    var gate = access.gate(Requests.caller(context), DELETE_METADEF_NAMESPACE);
    catalog
        .delete(MetadefRequests.scope(context, gate))
        .onSuccess(deleted -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }
}
