package io.vitrine.image.task;

import io.vitrine.image.Image;
import java.util.Optional;
import java.util.UUID;

/**
 * What all leased tasks have.
 *
 * @param image the image as it was when the task was leased
 * @param project the project that the task belongs to
 * @param attempt counts from 1; attempts that failed through no fault of the task do not count
 * @param lease the worker's lease
 * @param traceparent the request's trace, as in W3C Trace Context
 */
public record TaskHead(
    UUID id,
    Image image,
    String project,
    int attempt,
    TaskLease lease,
    Optional<String> traceparent) {}
