package io.vitrine.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.metadefs.MetadefSchemas;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ImageSchema;
import io.vitrine.api.schema.Schemas;
import io.vitrine.metadef.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The OpenAPI document of the API, with the schemas that the API serves. */
final class OpenApi {
  private static final String RESOURCE = "/openapi.yaml";

  /** More aliases than the document has; it is the project's own, so it is trusted. */
  private static final int MAX_ALIASES = 10_000;

  private final JsonObject document;

  OpenApi(ImageSchema images) {
    document = load();
    document.remove("x-shared");
    var schemas = document.getJsonObject("components").getJsonObject("schemas");
    served(images).forEach((name, schema) -> schemas.put(name, embedded(schema)));
    // Images have locations only where the deployment shows them.
    schemas
        .getJsonObject("ImageFields")
        .getJsonObject("properties")
        .put("locations", new JsonObject().put("$ref", "#/components/schemas/Locations"));
    MetadefSchemas.namespace()
        .getJsonObject("definitions")
        .forEach(each -> schemas.put(each.getKey(), embedded((JsonObject) each.getValue())));
  }

  JsonObject document() {
    return document.copy();
  }

  /** {@code GET /openapi.json}. */
  void show(RoutingContext context) {
    var server = new JsonObject().put("url", Links.absolute(context, ""));
    var shown = new JsonObject(new LinkedHashMap<>(document.getMap()));
    Responses.json(context, 200, shown.put("servers", new JsonArray().add(server)));
  }

  /**
   * Fails unless the document describes exactly these methods of each path below a prefix, so that
   * routes and document cannot drift apart.
   */
  void requireSame(String prefix, Map<String, Set<String>> routes) {
    var served = new TreeMap<String, Set<String>>();
    routes.forEach((path, methods) -> served.put(path(prefix + path), new TreeSet<>(methods)));
    var told = operations();
    told.keySet().removeIf(path -> !path.startsWith(prefix + "/"));
    if (!served.equals(told)) {
      throw new IllegalStateException(
          "%s and the routes differ: the document has %s, and the routes are %s"
              .formatted(RESOURCE, less(told, served), less(served, told)));
    }
  }

  private Map<String, Set<String>> operations() {
    var operations = new TreeMap<String, Set<String>>();
    for (var path : document.getJsonObject("paths")) {
      var methods = new TreeSet<String>();
      for (var key : ((JsonObject) path.getValue()).fieldNames()) {
        if (!key.equals("parameters")) {
          methods.add(key.toUpperCase(Locale.ROOT));
        }
      }
      operations.put(path.getKey(), methods);
    }
    return operations;
  }

  private static Collection<?> less(Map<String, Set<String>> all, Map<String, Set<String>> others) {
    var left = new TreeMap<>(all);
    left.entrySet().removeAll(others.entrySet());
    return left.entrySet();
  }

  /** A route's path in the notation of OpenAPI. */
  private static String path(String route) {
    return route.replaceAll(":([a-z]+)", "{$1}");
  }

  private static Map<String, JsonObject> served(ImageSchema images) {
    return Map.of(
        "ImageFields",
        images.served(),
        "MemberFields",
        Schemas.member(),
        "TaskFields",
        Schemas.task(),
        "NewTask",
        Schemas.newTask(),
        "NamespaceFields",
        MetadefSchemas.namespace(),
        "ResourceTypeFields",
        MetadefSchemas.of(Kind.RESOURCE_TYPE),
        "PropertyFields",
        MetadefSchemas.of(Kind.PROPERTY),
        "ObjectFields",
        MetadefSchemas.of(Kind.OBJECT),
        "TagFields",
        MetadefSchemas.of(Kind.TAG),
        "NewTags",
        MetadefSchemas.newTags());
  }

  /**
   * A draft 4 schema as part of the document; no schema uses a keyword that later drafts changed.
   */
  private static JsonObject embedded(JsonObject schema) {
    var part = schema.copy();
    part.fieldNames().removeAll(Set.of("name", "links", "definitions"));
    var embedded = new JsonObject(part.encode().replace("#/definitions/", "#/components/schemas/"));
    conform(embedded);
    return embedded;
  }

  /**
   * Removes null from the enums of strings, where Glance lists it against the type, and Glance's
   * mark of extra properties, which is no keyword.
   */
  private static void conform(JsonObject schema) {
    if (schema.getValue("is_base") instanceof Boolean) {
      schema.remove("is_base");
    }
    if ("string".equals(schema.getValue("type"))
        && schema.getValue("enum") instanceof JsonArray values) {
      List<?> listed = values.getList();
      listed.removeIf(Objects::isNull);
    }
    schema.forEach(
        each -> {
          if (each.getValue() instanceof JsonObject below) {
            conform(below);
          }
        });
  }

  private static JsonObject load() {
    var options = new LoaderOptions();
    options.setMaxAliasesForCollections(MAX_ALIASES);
    try (var stream = OpenApi.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("missing resource " + RESOURCE);
      }
      Map<String, Object> yaml = new Yaml(new SafeConstructor(options)).load(stream);
      // Each use of an anchor gets a copy of its own.
      return new JsonObject(new JsonObject(yaml).encode());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
