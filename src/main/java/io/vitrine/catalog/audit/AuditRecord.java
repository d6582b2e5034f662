package io.vitrine.catalog.audit;

import io.vitrine.image.ImageId;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record of the audit trail.
 *
 * @param number later records have larger ones
 * @param action one of {@link AuditAction}, or one of a newer version
 * @param details a tree of JSON values
 */
public record AuditRecord(
    long number,
    Instant at,
    ImageId image,
    String action,
    String outcome,
    @Nullable String user,
    @Nullable String project,
    @Nullable String requestId,
    String via,
    @Nullable UUID ticket,
    Map<String, Object> details) {}
