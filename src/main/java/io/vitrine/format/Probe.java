package io.vitrine.format;

import java.util.List;
import java.util.Optional;

/** Recognises one format; holds what it has captured of one stream. */
sealed interface Probe
    permits GptProbe,
        IsoProbe,
        LuksProbe,
        Qcow2Probe,
        QedProbe,
        VdiProbe,
        VhdProbe,
        VhdxProbe,
        VmdkProbe {

  /** How many bytes the head has, which is captured for all probes at the start of the stream. */
  int HEAD_BYTES = 512;

  /**
   * What to capture next: asked when the head, and later when all that was asked for, is complete.
   * Regions must lie behind those before them, for the stream does not go back; the chain must end.
   */
  default List<Region> next() {
    return List.of();
  }

  /** The verdict at the end of the stream: empty if the content is not of this format. */
  Optional<Finding> conclude(long sizeBytes, Tail tail);
}
