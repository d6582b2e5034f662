package io.vitrine.image.task;

import io.vitrine.image.ImageId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task as the API shows it; {@code input}, {@code result} and {@code progress} are trees of JSON
 * values.
 *
 * @param image absent of legacy tasks that do not run
 * @param input as the client gave it
 */
public record TaskView(
    UUID id,
    @Nullable ImageId image,
    String type,
    String status,
    @Nullable String owner,
    @Nullable String user,
    @Nullable String requestId,
    Map<String, Object> input,
    @Nullable Map<String, Object> result,
    String message,
    List<Object> progress,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant expiresAt) {

  /** The task as it was made, before any worker began it. */
  public TaskView atCreation() {
    return new TaskView(
        id, image, type, "pending", owner, user, requestId, input, null, "", List.of(), createdAt,
        createdAt, null);
  }
}
