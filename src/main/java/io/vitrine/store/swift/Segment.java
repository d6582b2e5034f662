package io.vitrine.store.swift;

/**
 * A stored part of a blob's data.
 *
 * @param name follows the id of the blob and begins with a slash
 */
record Segment(String name, long sizeBytes) {
  /** The name of one by its place among all segments of a blob, counted from 0. */
  static String name(int number) {
    return "/s%08d".formatted(number);
  }
}
