package io.vitrine.settings;

/** The roles of a process; one process may have all. */
public enum Role {
  /** Serves the API. */
  HTTP,
  /** Stores image data. */
  STORE,
  /** Runs imports. */
  IMPORT
}
