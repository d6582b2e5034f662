package io.vitrine.catalog.tasks;

import java.util.Optional;

/**
 * The request that created a task.
 *
 * @param traceparent its W3C Trace Context, which the worker's span continues
 */
public record TaskOrigin(String requestId, Optional<String> traceparent) {}
