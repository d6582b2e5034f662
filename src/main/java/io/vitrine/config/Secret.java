package io.vitrine.config;

/** A value that must not appear in logs or messages; empty if not configured. */
public record Secret(String value) {
  /** A placeholder for the value; empty if there is none. */
  @Override
  public String toString() {
    return value.isEmpty() ? "" : "(hidden)";
  }
}
