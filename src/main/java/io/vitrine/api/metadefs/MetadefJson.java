package io.vitrine.api.metadefs;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.images.ImageJson;
import io.vitrine.api.request.Links;
import io.vitrine.metadef.Dated;
import io.vitrine.metadef.Definition;
import io.vitrine.metadef.Kind;
import io.vitrine.metadef.Namespace;
import io.vitrine.metadef.NamespaceContents;
import io.vitrine.metadef.NamespaceDocument;
import java.util.List;
import java.util.stream.Stream;

/** The JSON of metadata definitions. Unlike in images, absent values are left out. */
final class MetadefJson {
  private MetadefJson() {}

  static JsonObject namespaces(List<NamespaceContents> page, int limit, MultiMap parameters) {
    var items = new JsonArray();
    page.forEach(each -> items.add(namespace(each)));
    var json =
        new JsonObject()
            .put("namespaces", items)
            .put("first", Links.first(path(), parameters))
            .put("schema", "/v2/schemas/metadefs/namespaces");
    if (!page.isEmpty() && page.size() == limit) {
      var last = page.getLast().namespace().value().name();
      json.put("next", Links.next(path(), parameters, last));
    }
    return json;
  }

  /** A namespace with its non-empty kinds of definitions. */
  static JsonObject namespace(NamespaceContents contents) {
    var json = namespace(contents.namespace());
    var name = contents.namespace().value().name();
    for (var kind : Kind.values()) {
      if (contents.of(kind).findAny().isPresent()) {
        json.put(kind.collection(), collection(name, kind, contents.of(kind)));
      }
    }
    return json;
  }

  static JsonObject namespace(Dated<Namespace> dated) {
    var namespace = dated.value();
    var json = new JsonObject().put("namespace", namespace.name());
    if (namespace.displayName() != null) {
      json.put("display_name", namespace.displayName());
    }
    if (namespace.description() != null) {
      json.put("description", namespace.description());
    }
    json.put("visibility", namespace.visibility().text()).put("protected", namespace.isProtected());
    if (namespace.owner() != null) {
      json.put("owner", namespace.owner());
    }
    return putDates(json, dated)
        .put("self", path(namespace.name()))
        .put("schema", "/v2/schemas/metadefs/namespace");
  }

  /** A list of definitions of one kind. */
  static JsonObject list(NamespaceContents contents, Kind kind) {
    var name = contents.namespace().value().name();
    var json = new JsonObject().put(kind.collection(), collection(name, kind, contents.of(kind)));
    // Glance's link has no leading slash either.
    return kind == Kind.OBJECT ? json.put("schema", "v2/schemas/metadefs/objects") : json;
  }

  private static Object collection(
      String namespace, Kind kind, Stream<Dated<Definition>> definitions) {
    return switch (kind) {
      case PROPERTY -> {
        var byName = new JsonObject();
        definitions.forEach(
            each ->
                byName.put(each.value().name(), MetadefPropertyJson.of(each.value().content())));
        yield byName;
      }
      case TAG -> array(definitions.map(each -> new JsonObject(each.value().toJson())));
      case OBJECT -> array(definitions.map(each -> storedDefinition(namespace, each)));
      case RESOURCE_TYPE -> array(definitions.map(each -> definition(namespace, each)));
    };
  }

  /** A stored definition; an object also shows empty members, as in Glance. */
  static JsonObject storedDefinition(String namespace, Dated<Definition> dated) {
    var json = definition(namespace, dated);
    if (dated.value().kind() != Kind.OBJECT) {
      return json;
    }
    return new JsonObject()
        .put("required", new JsonArray())
        .put("properties", new JsonObject())
        .mergeIn(json);
  }

  /** A definition just created. */
  static JsonObject definition(String namespace, Dated<Definition> dated) {
    var definition = dated.value();
    var json = new JsonObject(definition.toJson());
    return switch (definition.kind()) {
      case PROPERTY -> MetadefPropertyJson.of(json.getMap());
      case TAG, RESOURCE_TYPE -> putDates(json, dated);
      case OBJECT ->
          putDates(withShownProperties(json), dated)
              .put("self", path(namespace) + "/objects/" + definition.name())
              .put("schema", "/v2/schemas/metadefs/object");
    };
  }

  /** A namespace just created, with the definitions in the same request. */
  static JsonObject newNamespace(NamespaceDocument document, Dated<Namespace> dated) {
    var given = withShownProperties(new JsonObject(document.toJson()));
    var objects = given.getJsonArray(Kind.OBJECT.collection());
    if (objects != null) {
      given.put(
          Kind.OBJECT.collection(),
          array(objects.stream().map(each -> withShownProperties((JsonObject) each))));
    }
    return given.mergeIn(namespace(dated));
  }

  private static JsonObject withShownProperties(JsonObject json) {
    var properties = json.getJsonObject(Kind.PROPERTY.collection());
    return properties == null
        ? json
        : json.put(Kind.PROPERTY.collection(), MetadefPropertyJson.all(properties));
  }

  static JsonObject tags(List<Definition> tags) {
    return new JsonObject()
        .put("tags", array(tags.stream().map(tag -> new JsonObject(tag.toJson()))));
  }

  static JsonObject resourceTypes(List<Dated<String>> types) {
    return new JsonObject()
        .put(
            "resource_types",
            array(
                types.stream()
                    .map(type -> putDates(new JsonObject().put("name", type.value()), type))));
  }

  static String path(String namespace) {
    return path() + "/" + namespace;
  }

  private static String path() {
    return "/v2/metadefs/namespaces";
  }

  private static JsonArray array(Stream<JsonObject> items) {
    var array = new JsonArray();
    items.forEach(array::add);
    return array;
  }

  private static JsonObject putDates(JsonObject json, Dated<?> dated) {
    return json.put("created_at", ImageJson.time(dated.createdAt()))
        .put("updated_at", ImageJson.time(dated.updatedAt()));
  }
}
