package io.vitrine.image.task;

import java.time.Duration;

/**
 * One worker's hold on a task, and how the holds before it ended.
 *
 * @param number counts from 1; what a worker says under an older one does not count
 * @param crashes workers that died while they worked on this task alone, since its last checkpoint
 * @param isSuspect a worker was lost in the middle of it, so that it is to run alone
 * @param setbackFor how long it has been handed back for faults of the service only
 * @param awayFor how long nobody has reached the node that has its data
 */
public record ImportLease(
    long number, int crashes, boolean isSuspect, Duration setbackFor, Duration awayFor) {}
