package io.vitrine.store.file;

/**
 * Whether a store may begin with a directory in which it finds neither its mark nor data: a new one
 * looks like one whose file system is not mounted.
 */
@FunctionalInterface
public interface Founding {
  /** Every such directory is new. */
  Founding ALWAYS = hasOthers -> true;

  /** None is. */
  Founding NEVER = hasOthers -> false;

  /**
   * Whether it is new.
   *
   * @param hasOthers whether other directories of the store are there, none of which knows it
   */
  boolean isNew(boolean hasOthers);
}
