package io.vitrine.metadef;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vitrine.image.Visibility;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A namespace with all its definitions, as in requests and files.
 *
 * @param written the optional keys that were present, even with default values
 */
public record NamespaceDocument(
    Namespace namespace, List<Definition> definitions, Set<String> written) {
  /** The owner of namespaces in the operator's files that name no owner. */
  public static final String OPERATOR = "admin";

  /** The optional keys, which have a default. */
  private static final Set<String> OPTIONAL =
      Stream.concat(
              Stream.of("visibility", "protected", "owner"),
              Stream.of(Kind.values()).map(Kind::collection))
          .collect(Collectors.toUnmodifiableSet());

  /** Copies the collections; a conflict if two definitions of a kind have the same name. */
  public NamespaceDocument {
    definitions = List.copyOf(definitions);
    written = Set.copyOf(written);
    requireDistinct(namespace, definitions);
  }

  private static void requireDistinct(Namespace namespace, List<Definition> definitions) {
    var seen = new HashSet<Map.Entry<Kind, String>>();
    for (var definition : definitions) {
      if (!seen.add(Map.entry(definition.kind(), definition.name()))) {
        throw conflict(
            "The namespace %s has more than one %s with the name %s."
                .formatted(namespace.name(), definition.kind().noun(), definition.name()));
      }
    }
  }

  /** Parses the JSON form; without an owner of its own the namespace gets the given one. */
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
    var written = new HashSet<>(fields.values().keySet());
    written.retainAll(OPTIONAL);
    return new NamespaceDocument(Namespace.parse(json, owner), definitions, written);
  }

  /** The definitions of a kind. */
  public List<Definition> of(Kind kind) {
    return definitions.stream().filter(definition -> definition.kind() == kind).toList();
  }

  /** The JSON form, with defaults only where they were written. */
  public Map<String, Object> toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put("namespace", namespace.name());
    put(json, "display_name", namespace.displayName(), null);
    put(json, "description", namespace.description(), null);
    put(json, "visibility", namespace.visibility().text(), Visibility.PRIVATE.text());
    put(json, "protected", namespace.isProtected(), false);
    put(json, "owner", namespace.owner(), OPERATOR);
    for (var kind : Kind.values()) {
      put(json, kind.collection(), collection(kind, of(kind)), collection(kind, List.of()));
    }
    return json;
  }

  private void put(
      Map<String, Object> json, String key, @Nullable Object value, @Nullable Object usual) {
    boolean isTold = written.contains(key) || !Objects.equals(value, usual);
    if (isTold && value != null) {
      json.put(key, value);
    }
  }

  private static Object collection(Kind kind, List<Definition> definitions) {
    if (!kind.isKeyedByName()) {
      return definitions.stream().map(Definition::toJson).toList();
    }
    var byName = new LinkedHashMap<String, Object>();
    definitions.forEach(definition -> byName.put(definition.name(), definition.content()));
    return byName;
  }
}
