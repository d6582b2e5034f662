package io.vitrine.notification;

/** The severity of a notification; each has its own topic. */
public enum Priority {
  /** Something happened as requested. */
  INFO,
  /** Something is wrong, but the request succeeded. */
  WARN,
  /** Something failed. */
  ERROR
}
