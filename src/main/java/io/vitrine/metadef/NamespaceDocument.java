package io.vitrine.metadef;

import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A namespace with all that it defines, as clients send it and as files hold it. */
public record NamespaceDocument(Namespace namespace, List<Definition> definitions) {
  /** Copies the list; a conflict if two definitions of a kind share a name. */
  public NamespaceDocument {
    definitions = List.copyOf(definitions);
    requireDistinct(namespace, definitions);
  }

  private static void requireDistinct(Namespace namespace, List<Definition> definitions) {
    var seen = new HashSet<Map.Entry<Kind, String>>();
    for (var definition : definitions) {
      if (!seen.add(Map.entry(definition.kind(), definition.name()))) {
        throw new ProblemException(
            new Problem.Conflict(
                "The namespace %s has more than one %s with the name %s."
                    .formatted(namespace.name(), definition.kind().noun(), definition.name())));
      }
    }
  }

  /** Reads the JSON form; a namespace without an owner belongs to the one given. */
  public static NamespaceDocument parse(Map<String, Object> json, @Nullable String owner) {
    var fields = Fields.of("The namespace", json);
    var definitions = new ArrayList<Definition>();
    for (var kind : Kind.values()) {
      if (kind.isKeyedByName()) {
        fields
            .object(kind.collection())
            .forEach((name, each) -> definitions.add(Definition.parse(kind, name, each)));
      } else {
        fields
            .list(kind.collection())
            .forEach(each -> definitions.add(Definition.parse(kind, each)));
      }
    }
    return new NamespaceDocument(Namespace.parse(json, owner), definitions);
  }

  /** The definitions of a kind. */
  public List<Definition> of(Kind kind) {
    return definitions.stream().filter(definition -> definition.kind() == kind).toList();
  }

  /** The JSON form, without what is not set and without kinds of which there are none. */
  public Map<String, Object> toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put("namespace", namespace.name());
    putUnlessNull(json, "display_name", namespace.displayName());
    putUnlessNull(json, "description", namespace.description());
    json.put("visibility", namespace.visibility().text());
    json.put("protected", namespace.isProtected());
    putUnlessNull(json, "owner", namespace.owner());
    for (var kind : Kind.values()) {
      var some = of(kind);
      if (!some.isEmpty()) {
        json.put(kind.collection(), collection(kind, some));
      }
    }
    return json;
  }

  /** The JSON form of a namespace's definitions of a kind. */
  public static Object collection(Kind kind, List<Definition> definitions) {
    if (!kind.isKeyedByName()) {
      return definitions.stream().map(Definition::toJson).toList();
    }
    var byName = new LinkedHashMap<String, Object>();
    definitions.forEach(definition -> byName.put(definition.name(), definition.content()));
    return byName;
  }

  private static void putUnlessNull(Map<String, Object> json, String key, @Nullable String text) {
    if (text != null) {
      json.put(key, text);
    }
  }
}
