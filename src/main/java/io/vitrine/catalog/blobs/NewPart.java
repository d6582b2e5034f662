package io.vitrine.catalog.blobs;

import io.vitrine.image.Caller;
import io.vitrine.image.Permit;
import java.util.Optional;

/**
 * A part that a client wants to send to an upload of its own.
 *
 * @param permit what the caller needs
 * @param plan where the part goes, with its length if that is known
 * @param metadata what the client wants to know again
 */
public record NewPart(Caller caller, Permit permit, BlobPlan plan, Optional<String> metadata) {}
