package io.vitrine.metadef;

import java.util.Locale;

/** What a namespace can define. */
public enum Kind {
  /** That the namespace applies to a type of resources, with a prefix for its properties. */
  RESOURCE_TYPE("resource type association", "resource_type_associations"),
  PROPERTY("property", "properties"),
  OBJECT("object", "objects"),
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

  /** What one is called in messages. */
  public String noun() {
    return noun;
  }

  /** The key under which a namespace's JSON form holds them. */
  public String collection() {
    return collection;
  }

  /** Whether a collection is a JSON object by names, instead of an array. */
  boolean isKeyedByName() {
    return this == PROPERTY;
  }
}
