package io.vitrine.config;

/** What a process does; one process may do all. */
public enum Role {
  /** Serves the API. */
  HTTP,
  /** Keeps image data. */
  STORE,
  /** Runs background tasks. */
  IMPORT
}
