package io.vitrine.catalog.audit;

import io.vitrine.image.ImageId;
import io.vitrine.image.edit.ImageChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A record to be written.
 *
 * @param details names and ids that tell more: texts, numbers and lists of these; never what users
 *     keep in properties or URLs
 */
public record AuditEntry(
    ImageId image, AuditAction action, AuditOutcome outcome, Map<String, Object> details) {
  /** The detail with the names of extra properties, which not everybody may see. */
  public static final String PROPERTIES = "properties";

  /** The most names of changed properties that a record keeps. */
  private static final int MOST_NAMES = 100;

  /** Copies the details. */
  public AuditEntry {
    details = Map.copyOf(details);
  }

  /** A complete action without details. */
  public static AuditEntry of(ImageId image, AuditAction action) {
    return of(image, action, AuditOutcome.DONE);
  }

  /** An action without details. */
  public static AuditEntry of(ImageId image, AuditAction action, AuditOutcome outcome) {
    return new AuditEntry(image, action, outcome, Map.of());
  }

  /** A complete change of metadata, with the names of what it changes. */
  public static AuditEntry of(AuditAction action, ImageChange change) {
    return new AuditEntry(
        change.after().id(),
        action,
        AuditOutcome.DONE,
        Map.of("changed", change.attributes(), PROPERTIES, some(change.properties())));
  }

  /** The same with one more detail. */
  public AuditEntry with(String key, Object detail) {
    var more = new HashMap<>(details);
    more.put(key, detail);
    return new AuditEntry(image, action, outcome, more);
  }

  private static List<String> some(List<String> names) {
    return names.size() <= MOST_NAMES ? names : List.copyOf(names.subList(0, MOST_NAMES));
  }
}
