package io.vitrine.metadef;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A namespace of the catalog with all or some of its definitions, in the catalog's order. */
public record NamespaceContents(Dated<Namespace> namespace, List<Dated<Definition>> definitions) {
  /**
   * Copies the list. A property newer than its namespace was created by a request of its own, which
   * includes the name; earlier versions did not store that.
   */
  public NamespaceContents {
    var made = namespace.createdAt();
    definitions =
        definitions.stream()
            .map(each -> each.createdAt().isAfter(made) ? each.map(Definition::withName) : each)
            .toList();
  }

  /** The definitions of a kind. */
  public Stream<Dated<Definition>> of(Kind kind) {
    return definitions.stream().filter(definition -> definition.value().kind() == kind);
  }

  /**
   * The same with properties named as on resources of a type, with the prefix of its association.
   */
  public NamespaceContents prefixedFor(String resourceType) {
    return of(Kind.RESOURCE_TYPE)
        .map(Dated::value)
        .filter(association -> association.name().equals(resourceType))
        .map(Definition::prefix)
        .filter(Objects::nonNull)
        .findFirst()
        .map(this::prefixed)
        .orElse(this);
  }

  private NamespaceContents prefixed(String prefix) {
    return new NamespaceContents(
        namespace,
        definitions.stream()
            .map(definition -> definition.map(value -> value.prefixed(prefix)))
            .toList());
  }
}
