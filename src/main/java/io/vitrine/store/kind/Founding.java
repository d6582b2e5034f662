package io.vitrine.store.kind;

/**
 * Decides whether a store may start to use a directory that has neither its mark nor data: a new
 * directory looks like one whose file system is not mounted.
 */
@FunctionalInterface
public interface Founding {
  /** Every such directory is new. */
  Founding ALWAYS = hasOthers -> true;

  /** No such directory is new. */
  Founding NEVER = hasOthers -> false;

  /**
   * Whether the directory is new.
   *
   * @param hasOthers whether other directories of the store are present, none of which lists this
   *     one
   */
  boolean isNew(boolean hasOthers);
}
