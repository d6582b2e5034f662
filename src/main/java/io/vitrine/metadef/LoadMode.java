package io.vitrine.metadef;

/** What loading does with a namespace that exists already. */
public enum LoadMode {
  /** Keeps it as it is. */
  SKIP,
  /** Adds what it lacks. */
  MERGE,
  /** Adds what it lacks and replaces what differs. */
  PREFER_NEW,
  /** Deletes and recreates it. */
  OVERWRITE
}
