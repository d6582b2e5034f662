package io.vitrine.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The key of a component that cannot have the key's name, because Java reserves the word. Empty if
 * the component's keys belong to the enclosing section, unless its record has a key of its own; the
 * same goes for the values of a map.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Key {
  /** The key, in snake case. */
  String value();
}
