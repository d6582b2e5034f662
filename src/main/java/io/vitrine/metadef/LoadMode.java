package io.vitrine.metadef;

/** What becomes of a namespace that is loaded although it is there already. */
public enum LoadMode {
  /** It stays as it is. */
  SKIP,
  /** What it lacks is added. */
  MERGE,
  /** What it lacks is added, what differs is replaced. */
  PREFER_NEW,
  /** It is deleted and made anew. */
  OVERWRITE
}
