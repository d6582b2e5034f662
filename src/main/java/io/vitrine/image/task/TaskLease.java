package io.vitrine.image.task;

import java.time.Duration;

/**
 * A worker's lease on a task, with the history of earlier leases.
 *
 * @param number counts from 1; updates under an older lease are ignored
 * @param crashes workers that died while running only this task, since its last checkpoint
 * @param isSuspect whether a worker died while running this task among others, so that it must run
 *     alone
 * @param setbackFor how long the task has been retried for faults of the service only
 * @param awayFor how long the node with its data has been unreachable
 */
public record TaskLease(
    long number, int crashes, boolean isSuspect, Duration setbackFor, Duration awayFor) {}
