package io.vitrine.image.edit;

/** Decides what a caller may do with extra properties, by their names. */
@FunctionalInterface
public interface PropertyGuard {
  /** Allows every operation on every property. */
  PropertyGuard OPEN = (operation, property) -> true;

  /** The operations that a guard tells apart. */
  enum Operation {
    /** Set a property that the image does not have. */
    CREATE,
    /** See the property and its value. */
    READ,
    /** Change the value of an existing property. */
    UPDATE,
    /** Remove the property. */
    DELETE
  }

  /** Whether the operation is allowed on properties of that name. */
  boolean allows(Operation operation, String property);
}
