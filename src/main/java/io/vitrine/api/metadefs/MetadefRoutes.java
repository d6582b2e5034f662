package io.vitrine.api.metadefs;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Policy;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.metadefs.DefinitionCatalog;
import io.vitrine.catalog.metadefs.NamespaceCatalog;
import io.vitrine.metadef.Kind;
import java.util.List;

/** The routes of the metadata definitions and of their schemas. */
public final class MetadefRoutes implements RouteGroup {
  private static final String NAMESPACES = "/metadefs/namespaces";
  private static final String NAMESPACE = NAMESPACES + "/:" + MetadefRequests.NAMESPACE;
  private static final String NAMED = "/:" + MetadefRequests.NAME;

  private final DefinitionCatalog definitions;
  private final MetadefAccess access;
  private final MetadefNamespacesHandler namespaces;
  private final MetadefTagsHandler tags;

  /** Creates the routes and their handlers. */
  public MetadefRoutes(
      NamespaceCatalog namespaces,
      DefinitionCatalog definitions,
      Policy policy,
      ApiCapabilities capabilities) {
    this.definitions = definitions;
    this.access = new MetadefAccess(policy);
    this.namespaces = new MetadefNamespacesHandler(namespaces, access, capabilities);
    this.tags = new MetadefTagsHandler(definitions, access);
  }

  @Override
  public void addTo(Endpoints endpoints) {
    MetadefSchemas.served()
        .forEach(
            (name, schema) ->
                endpoints.read(
                    "/schemas/metadefs/" + name, context -> Responses.json(context, 200, schema)));
    endpoints.read("/metadefs/resource_types", this::resourceTypes);
    addNamespaces(endpoints);
    addResourceTypes(endpoints);
    addDefinitions(endpoints, Kind.PROPERTY);
    addDefinitions(endpoints, Kind.OBJECT);
    addTags(endpoints);
  }

  private void addNamespaces(Endpoints endpoints) {
    endpoints.readWithBody(NAMESPACES, namespaces::list);
    endpoints.write(POST, NAMESPACES, namespaces::create);
    endpoints.readWithBody(NAMESPACE, namespaces::show);
    endpoints.write(PUT, NAMESPACE, namespaces::replace);
    endpoints.bare(DELETE, NAMESPACE, namespaces::delete);
  }

  private void addResourceTypes(Endpoints endpoints) {
    var path = NAMESPACE + "/resource_types";
    var handler = handler(Kind.RESOURCE_TYPE);
    endpoints.read(path, handler::list);
    endpoints.write(POST, path, handler::add);
    endpoints.bare(DELETE, path + NAMED, handler::remove);
  }

  private void addDefinitions(Endpoints endpoints, Kind kind) {
    var path = NAMESPACE + "/" + kind.collection();
    var handler = handler(kind);
    endpoints.read(path, handler::list);
    endpoints.write(POST, path, handler::add);
    endpoints.bare(DELETE, path, handler::removeAll);
    endpoints.read(path + NAMED, handler::show);
    endpoints.write(PUT, path + NAMED, handler::replace);
    endpoints.bare(DELETE, path + NAMED, handler::remove);
  }

  private void addTags(Endpoints endpoints) {
    var path = NAMESPACE + "/tags";
    var handler = handler(Kind.TAG);
    endpoints.read(path, handler::list);
    endpoints.write(POST, path, tags::add);
    endpoints.bare(DELETE, path, handler::removeAll);
    endpoints.read(path + NAMED, handler::show);
    endpoints.bare(POST, path + NAMED, handler::addTag);
    endpoints.write(PUT, path + NAMED, handler::replace);
    endpoints.bare(DELETE, path + NAMED, handler::remove);
  }

  private MetadefDefinitionsHandler handler(Kind kind) {
    return new MetadefDefinitionsHandler(kind, definitions, access);
  }

  private void resourceTypes(RoutingContext context) {
    access.require(Requests.caller(context), List.of(MetadefRules.of(Kind.RESOURCE_TYPE).list()));
    definitions
        .resourceTypes()
        .map(MetadefJson::resourceTypes)
        .onSuccess(json -> Responses.json(context, 200, json))
        .onFailure(context::fail);
  }
}
