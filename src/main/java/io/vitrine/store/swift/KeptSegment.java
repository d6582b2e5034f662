package io.vitrine.store.swift;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A segment of a blob that takes several requests. Its name says where it begins in the blob and
 * which request has written it, so that no process overwrites what another one has written.
 *
 * @param from where the data begins in the blob
 * @param turn counts the requests for the blob from 1
 */
record KeptSegment(long from, long turn, long sizeBytes) {
  /** Follows the id of the blob. */
  static final String NAME = "/k(\\d{19})-(\\d{19})";

  /** What the names begin with. */
  static final String PREFIX = "/k";

  private static final Pattern PATH = Pattern.compile("[^/]+" + NAME);

  /** Reads one of the objects that a container lists. */
  static Optional<KeptSegment> of(JsonObject listed) {
    var path = PATH.matcher(listed.getString("name"));
    return path.matches()
        ? Optional.of(
            new KeptSegment(
                Long.parseLong(path.group(1)),
                Long.parseLong(path.group(2)),
                listed.getLong("bytes")))
        : Optional.empty();
  }

  String name() {
    return "/k%019d-%019d".formatted(from, turn);
  }

  long end() {
    return from + sizeBytes;
  }

  Segment segment() {
    return new Segment(name(), sizeBytes);
  }
}
