package io.vitrine.format;

import java.util.Optional;

/** QED is obsolete; it is recognised only to be refused. */
final class QedProbe implements Probe {
  private final Region head;

  QedProbe(Region head) {
    this.head = head;
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    return head.has(0, (byte) 'Q', (byte) 'E', (byte) 'D', (byte) 0)
        ? new Checks(ContentFormat.QED)
            .refuse("banned", "is in the format qed, which is not accepted")
            .unknownSize()
        : Optional.empty();
  }
}
