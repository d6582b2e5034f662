package io.vitrine.catalog.tasks;

import java.util.Optional;

/**
 * The request that a task comes from.
 *
 * @param traceparent its trace, as W3C Trace Context has it, which the task's worker goes on with
 */
public record Cause(String requestId, Optional<String> traceparent) {}
