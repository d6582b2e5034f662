package io.vitrine.image;

/** Says what somebody may do with the extra properties of images, by their names. */
@FunctionalInterface
public interface PropertyGuard {
  /** Everything may be done with all of them. */
  PropertyGuard OPEN = (operation, property) -> true;

  /** What can be done with a property. */
  enum Operation {
    CREATE,
    READ,
    UPDATE,
    DELETE
  }

  /** Whether the operation is allowed on properties of that name. */
  boolean allows(Operation operation, String property);
}
