package io.vitrine.metadef;

import java.util.Locale;

/** The kinds of definitions in a namespace. */
public enum Kind {
  /** Associates the namespace with a resource type, with a prefix for its properties. */
  RESOURCE_TYPE("resource type association", "resource_type_associations"),
  /** The name, type and constraints of one metadata key. */
  PROPERTY("property", "properties"),
  /** A named group of properties. */
  OBJECT("object", "objects"),
  /** A bare name. */
  TAG("tag", "tags");

  private final String noun;
  private final String collection;

  Kind(String noun, String collection) {
    this.noun = noun;
    this.collection = collection;
  }

  /** The name in the catalog. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The singular in messages. */
  public String noun() {
    return noun;
  }

  /** The key of these definitions in a namespace's JSON form. */
  public String collection() {
    return collection;
  }

  /** Whether the JSON form is an object keyed by name, not an array. */
  boolean isKeyedByName() {
    return this == PROPERTY;
  }
}
