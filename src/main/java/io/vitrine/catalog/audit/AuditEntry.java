package io.vitrine.catalog.audit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.ImageId;
import io.vitrine.image.edit.ImageChange;
import java.util.List;

/**
 * A record to be written.
 *
 * @param details names and ids that tell more; never what users keep in properties or URLs
 */
public record AuditEntry(
    ImageId image, AuditAction action, AuditOutcome outcome, JsonObject details) {
  /** The detail with the names of extra properties, which not everybody may see. */
  public static final String PROPERTIES = "properties";

  /** The most names of changed properties that a record keeps. */
  private static final int MOST_NAMES = 100;

  /** Copies the details. */
  public AuditEntry {
    details = details.copy();
  }

  @Override
  public JsonObject details() {
    return details.copy();
  }

  /** A complete action without details. */
  public static AuditEntry of(ImageId image, AuditAction action) {
    return of(image, action, AuditOutcome.DONE);
  }

  /** An action without details. */
  public static AuditEntry of(ImageId image, AuditAction action, AuditOutcome outcome) {
    return new AuditEntry(image, action, outcome, new JsonObject());
  }

  /** A complete change of metadata, with the names of what it changes. */
  public static AuditEntry of(AuditAction action, ImageChange change) {
    return of(change.after().id(), action)
        .with("changed", new JsonArray(change.attributes()))
        .with(PROPERTIES, names(change.properties()));
  }

  /** The same with one more detail, which is text, a number or a list of these. */
  public AuditEntry with(String key, Object detail) {
    return new AuditEntry(image, action, outcome, details.copy().put(key, detail));
  }

  private static JsonArray names(List<String> changed) {
    return new JsonArray(changed.stream().limit(MOST_NAMES).toList());
  }
}
