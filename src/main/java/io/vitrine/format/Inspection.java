package io.vitrine.format;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a pass over the whole content has shown.
 *
 * @param sizeBytes how many bytes were seen
 * @param findings each recognised format; exactly one of {@link ContentFormat#RAW} if none was
 */
public record Inspection(long sizeBytes, List<Finding> findings) {

  /** Keeps its own copy of the findings. */
  public Inspection {
    findings = List.copyOf(findings);
  }

  /** The recognised formats; more than one for content that can be read in several ways. */
  public Set<ContentFormat> formats() {
    var formats = EnumSet.noneOf(ContentFormat.class);
    findings.forEach(finding -> formats.add(finding.format()));
    return Collections.unmodifiableSet(formats);
  }

  /** The virtual size in bytes, if the content has one format only and that tells it. */
  public OptionalLong virtualSizeBytes() {
    return findings.size() == 1 ? findings.getFirst().virtualSizeBytes() : OptionalLong.empty();
  }

  /** All failed safety checks of all recognised formats. */
  public List<Violation> violations() {
    return findings.stream().flatMap(finding -> finding.violations().stream()).toList();
  }
}
