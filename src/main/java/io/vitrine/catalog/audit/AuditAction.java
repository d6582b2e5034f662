package io.vitrine.catalog.audit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What was done to an image. */
public enum AuditAction {
  /** The image was created. */
  CREATE,
  /** Its metadata was changed; the details name what. */
  UPDATE,
  /** It was deleted. */
  DELETE,
  /** It was deactivated. */
  DEACTIVATE,
  /** It was reactivated. */
  REACTIVATE,
  /** Data was sent for it. */
  UPLOAD,
  /** Data was sent that an import takes. */
  STAGE,
  /** It was imported, or copied to further stores. */
  IMPORT,
  /** External locations were added. */
  LOCATION_ADD,
  /** Data or locations were removed, while others remain. */
  LOCATION_REMOVE,
  /** Locations were changed in several ways at once. */
  LOCATION_UPDATE,
  /** It was shared with a project. */
  MEMBER_ADD,
  /** A project accepted or rejected it. */
  MEMBER_UPDATE,
  /** It is no longer shared with a project. */
  MEMBER_REMOVE,
  /** A ticket was made. */
  TICKET_CREATE,
  /** A ticket was revoked. */
  TICKET_REVOKE,
  /** A ticket for a single use was used up. */
  TICKET_USE;

  /** The names of all, as the API has them. */
  public static final List<String> NAMES = Arrays.stream(values()).map(AuditAction::text).toList();

  /** The name in the database and in the API. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The action of a name in the API. */
  public static Optional<AuditAction> of(String text) {
    return Arrays.stream(values()).filter(action -> action.text().equals(text)).findFirst();
  }
}
