package io.vitrine.image;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The status of an image in its life cycle.
 *
 * <pre>
 *   queued ── upload ──▶ saving ───────────────▶ active ◀──▶ deactivated
 *     │ ▲ └── stage ───▶ uploading ─▶ importing ───┘
 *     │ └──── a failure of any of these
 *     └─ import ─▶ importing            any of these ─▶ deleted
 * </pre>
 */
public enum ImageStatus {
  /** It has no data yet, or an upload or import of it failed. */
  QUEUED,
  /** Its data is being uploaded. */
  SAVING,
  /** Its data is being staged, or waits in staging for its import. */
  UPLOADING,
  /** Its data is being imported. */
  IMPORTING,
  /** It has data, which can be downloaded. */
  ACTIVE,
  /** It has data, but only administrators may download it. */
  DEACTIVATED,
  /** Known from Glance, where an upload failed for good; never entered here. */
  KILLED,
  /** Deleted, with its data kept until the delay of deletions has passed. */
  PENDING_DELETE,
  /** It is gone; no API shows it. */
  DELETED;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** Whether an image may go directly from this status to the other. */
  public boolean canBecome(ImageStatus next) {
    return successors().contains(next);
  }

  private Set<ImageStatus> successors() {
    return switch (this) {
      case QUEUED -> EnumSet.of(SAVING, UPLOADING, IMPORTING, ACTIVE, DELETED);
      case SAVING -> EnumSet.of(ACTIVE, QUEUED, DELETED);
      case UPLOADING -> EnumSet.of(IMPORTING, QUEUED, DELETED);
      case IMPORTING -> EnumSet.of(ACTIVE, QUEUED, DELETED);
      case ACTIVE -> EnumSet.of(DEACTIVATED, PENDING_DELETE, DELETED);
      case DEACTIVATED -> EnumSet.of(ACTIVE, PENDING_DELETE, DELETED);
      case KILLED -> EnumSet.of(DELETED);
      case PENDING_DELETE -> EnumSet.of(ACTIVE, DELETED);
      case DELETED -> EnumSet.noneOf(ImageStatus.class);
    };
  }

  /** The name in the API and in the catalog. */
  public String text() {
    return text;
  }

  /** The status with that name. */
  public static ImageStatus of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
