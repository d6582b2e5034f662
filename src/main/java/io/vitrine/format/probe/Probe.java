package io.vitrine.format.probe;

import java.util.List;
import java.util.Optional;

/** Recognises one format; holds the captured parts of one stream. */
public interface Probe {

  /** The length of the head, which is captured for all probes. */
  int HEAD_BYTES = 512;

  /**
   * The regions to capture next. Called when the head is complete, and again whenever the regions
   * asked for are. Regions must lie after earlier ones, as the stream does not go back, and the
   * sequence must end.
   */
  default List<Region> next() {
    return List.of();
  }

  /** The verdict at the end of the stream; empty if the content has another format. */
  Optional<DetectedFormat> conclude(long sizeBytes, Tail tail);
}
