package io.vitrine.notification;

/** How much a notification matters; each has a topic of its own. */
public enum Priority {
  INFO,
  WARN,
  ERROR
}
