package io.vitrine.format;

import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Violation;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The result of inspecting a whole stream.
 *
 * @param sizeBytes the length of the stream
 * @param findings one for each recognised format; a single {@link ContentFormat#RAW} if there is
 *     none
 */
public record Inspection(long sizeBytes, List<DetectedFormat> findings) {

  /** Copies the findings. */
  public Inspection {
    findings = List.copyOf(findings);
  }

  /** The recognised formats; several if the content is ambiguous. */
  public Set<ContentFormat> formats() {
    var formats = EnumSet.noneOf(ContentFormat.class);
    findings.forEach(finding -> formats.add(finding.format()));
    return Collections.unmodifiableSet(formats);
  }

  /** The one format of the content, which may hold others; empty if it can be read as several. */
  public Optional<DetectedFormat> content() {
    return findings.stream().filter(this::holdsAll).findFirst();
  }

  private boolean holdsAll(DetectedFormat finding) {
    return findings.stream()
        .allMatch(other -> other.equals(finding) || finding.mayHold(other.format()));
  }

  /** The virtual size in bytes; absent if the content is ambiguous or its format does not tell. */
  public OptionalLong virtualSizeBytes() {
    return findings.size() == 1 ? findings.getFirst().virtualSizeBytes() : OptionalLong.empty();
  }

  /** The violations of all recognised formats. */
  public List<Violation> violations() {
    return findings.stream().flatMap(finding -> finding.violations().stream()).toList();
  }
}
