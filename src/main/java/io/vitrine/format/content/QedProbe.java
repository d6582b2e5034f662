package io.vitrine.format.content;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import java.util.Optional;

/** QED is obsolete; it is recognised only to be refused. */
public final class QedProbe implements Probe {
  private final Region head;

  /** Recognises the format in a stream with this head. */
  public QedProbe(Region head) {
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
