package io.vitrine.config;

/** A value that must not appear in logs or messages. Empty when none is configured. */
public record Secret(String value) {
  /** What stands for the value wherever it would be printed; empty if there is none. */
  @Override
  public String toString() {
    return value.isEmpty() ? "" : "(hidden)";
  }
}
